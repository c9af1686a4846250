package com.pelagicore.softwarecontainer.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ContainerSpecTest {

    private static final int SEEDS = 200;

    @Test
    void letsTheLaterOfTwoItemsCount() {
        ContainerSpec spec = ContainerSpec.of(List.of(
                new EnvironmentVariable("A", "1"),
                new BindMount(Path.of("/h"), Path.of("/c"), true),
                new EnvironmentVariable("A", "2"),
                new BindMount(Path.of("/h"), Path.of("/c"), false)));

        assertThat(spec.environment()).containsExactlyEntriesOf(new TreeMap<>(Map.of("A", "2")));
        assertThat(spec.mounts().values()).containsExactly(new BindMount(Path.of("/h"), Path.of("/c"), false));
    }

    @Test
    void isTheSameWhenItemsAreGivenTwice() {
        for (int seed = 0; seed < SEEDS; seed++) {
            List<SpecItem> items = randomItems(seed);
            List<SpecItem> twice = new ArrayList<>(items);
            twice.addAll(items);

            assertThat(ContainerSpec.of(twice)).as("seed %d", seed).isEqualTo(ContainerSpec.of(items));
        }
    }

    @Test
    void isTheSumOfItsOwnItems() {
        for (int seed = 0; seed < SEEDS; seed++) {
            ContainerSpec spec = ContainerSpec.of(randomItems(seed));
            List<SpecItem> items = new ArrayList<>(spec.mounts().values());
            spec.environment().forEach((name, value) -> items.add(new EnvironmentVariable(name, value)));

            assertThat(ContainerSpec.of(items)).as("seed %d", seed).isEqualTo(spec);
        }
    }

    @Test
    void mountsParentsBeforeChildren() {
        for (int seed = 0; seed < SEEDS; seed++) {
            List<Path> paths = ContainerSpec.of(randomItems(seed)).mountsBeyond(ContainerSpec.EMPTY).stream()
                    .map(BindMount::containerPath)
                    .toList();

            for (int later = 1; later < paths.size(); later++) {
                for (int earlier = 0; earlier < later; earlier++) {
                    assertThat(paths.get(earlier).startsWith(paths.get(later)))
                            .as("%s before %s", paths.get(earlier), paths.get(later))
                            .isFalse();
                }
            }
        }
    }

    @Test
    void hasNothingToMountBeyondAnEqualSpec() {
        for (int seed = 0; seed < SEEDS; seed++) {
            List<SpecItem> items = randomItems(seed);

            assertThat(ContainerSpec.of(items).mountsBeyond(ContainerSpec.of(items)))
                    .isEmpty();
        }
    }

    @Test
    void mountsWhatIsNewAndWhatIsDifferent() {
        BindMount same = mount("/same", true);
        BindMount gone = mount("/gone", true);
        BindMount fresh = mount("/fresh", true);
        ContainerSpec granted = ContainerSpec.of(List.of(same, gone, mount("/wider", true)));

        List<BindMount> missing =
                ContainerSpec.of(List.of(same, fresh, mount("/wider", false))).mountsBeyond(granted);

        assertThat(missing).containsExactly(fresh, mount("/wider", false));
    }

    @Test
    void cannotBeChangedFromOutside() {
        TreeMap<String, String> environment = new TreeMap<>(Map.of("A", "1"));
        ContainerSpec spec = new ContainerSpec(
                environment,
                new TreeMap<>(),
                new TreeMap<>(),
                new TreeMap<>(),
                new TreeMap<>(),
                Set.of(),
                Set.of(),
                Set.of());

        environment.put("B", "2");

        assertThat(spec.environment()).containsOnlyKeys("A");
        assertThat(spec.environment()).isUnmodifiable();
        assertThat(spec.mounts()).isUnmodifiable();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "A=B", "=", "A\0"})
    void hasNoVariablesWithImpossibleNames(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> new EnvironmentVariable(name, "v"));
    }

    @Test
    void hasNoVariablesWithNul() {
        assertThatIllegalArgumentException().isThrownBy(() -> new EnvironmentVariable("A", "v\0"));
    }

    @ParameterizedTest
    @CsvSource({"relative,/c", "/h,relative", "/h,/", "/h,/..", "/h,/a/.."})
    void hasNoMountsOfRelativePathsOrOnTheRoot(Path hostPath, Path containerPath) {
        assertThatIllegalArgumentException().isThrownBy(() -> new BindMount(hostPath, containerPath, true));
    }

    @Test
    void normalisesPathsInTheContainer() {
        assertThat(new BindMount(Path.of("/h"), Path.of("/a/../../b/./c/"), true).containerPath())
                .isEqualTo(Path.of("/b/c"));
    }

    private static BindMount mount(String containerPath, boolean readOnly) {
        return new BindMount(Path.of("/h"), Path.of(containerPath), readOnly);
    }

    /** Few names, so that items meet; characters below and above '/' in the order of bytes. */
    private static List<SpecItem> randomItems(int seed) {
        Random random = new Random(seed);
        String[] names = {"a", "a-b", "a.b", "ab", "b", "ü"};
        List<SpecItem> items = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            if (random.nextInt(3) == 0) {
                items.add(new EnvironmentVariable(names[random.nextInt(names.length)], "v" + random.nextInt(3)));
            } else {
                Path path = Path.of("/");
                for (int depth = random.nextInt(3); depth >= 0; depth--) {
                    path = path.resolve(names[random.nextInt(names.length)]);
                }
                items.add(new BindMount(Path.of("/h" + random.nextInt(2)), path, random.nextBoolean()));
            }
        }
        return items;
    }
}
