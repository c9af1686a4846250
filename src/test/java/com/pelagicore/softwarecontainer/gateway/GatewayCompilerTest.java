package com.pelagicore.softwarecontainer.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import com.pelagicore.softwarecontainer.spec.BindMount;
import com.pelagicore.softwarecontainer.spec.ContainerSpec;
import com.pelagicore.softwarecontainer.spec.EnvironmentVariable;
import com.pelagicore.softwarecontainer.spec.GatewayConfig;
import com.pelagicore.softwarecontainer.spec.SpecItem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class GatewayCompilerTest {

    private static final JsonMapper JSON = JsonMapper.shared();

    @Test
    void makesTheEmptySpecOfNothing() {
        assertThat(compiler().compile(List.of())).isEqualTo(ContainerSpec.EMPTY);
    }

    @Test
    void givesEachGatewayAllItsElementsInOrder() {
        List<JsonNode> seen = new ArrayList<>();
        Gateway one = new FakeGateway("one", elements -> {
            seen.addAll(elements);
            return List.of(new EnvironmentVariable("A", "1"));
        });
        Gateway two = new FakeGateway(
                "two", elements -> List.of(new BindMount(Path.of("/h"), Path.of("/c"), elements.size() == 1)));

        ContainerSpec spec = compiler(one, two)
                .compile(List.of(
                        config("one", "{\"n\":1}", "{\"n\":2}"), config("two", "{}"), config("one", "{\"n\":3}")));

        assertThat(seen).extracting(Object::toString).containsExactly("{\"n\":1}", "{\"n\":2}", "{\"n\":3}");
        assertThat(spec.environment()).isEqualTo(Map.of("A", "1"));
        assertThat(spec.mounts().values()).containsExactly(new BindMount(Path.of("/h"), Path.of("/c"), true));
    }

    @Test
    void givesTheLastWordToTheLastGatewayOfTheList() {
        Gateway one = new FakeGateway("one", elements -> List.of(new EnvironmentVariable("A", "one")));
        Gateway two = new FakeGateway("two", elements -> List.of(new EnvironmentVariable("A", "two")));

        ContainerSpec spec = compiler(one, two).compile(List.of(config("two", "{}"), config("one", "{}")));

        assertThat(spec.environment()).isEqualTo(Map.of("A", "two"));
    }

    @Test
    void leavesAGatewayAloneThatNobodyAsksFor() {
        assertThat(compiler(broken("one", elements -> {
                            throw new AssertionError("asked");
                        }))
                        .compile(List.of()))
                .isEqualTo(ContainerSpec.EMPTY);
    }

    @Test
    void refusesAGatewayThatDoesNotExist() {
        assertThat(refusalOf(compiler(), config("telepathy", "{}")))
                .isEqualTo("Could not find any gateway matching id: telepathy, capability 'cap', /m.json:7");
    }

    @Test
    void takesAPluginForAGatewayThatIsNotBuilt() {
        Gateway plugin = new FakeGateway("dbus", elements -> List.of());

        assertThat(compiler(plugin).compile(List.of(config("dbus", "{}")))).isEqualTo(ContainerSpec.EMPTY);
    }

    @Test
    void refusesAnEmptyListOfElements() {
        Gateway gateway = new FakeGateway("one", elements -> List.of());

        assertThat(refusalOf(compiler(gateway), config("one"), config("one")))
                .isEqualTo("Could not set gateway configuration for capability 'cap': gateway 'one', /m.json:7:"
                        + " 'config' must be a non-empty array of objects");
    }

    @Test
    void takesAnEmptyListBesideOneThatIsNot() {
        Gateway gateway = new FakeGateway("one", elements -> List.of());

        assertThat(compiler(gateway).compile(List.of(config("one"), config("one", "{}"))))
                .isEqualTo(ContainerSpec.EMPTY);
    }

    @Test
    void refusesAnElementThatIsNotAnObject() {
        Gateway gateway = new FakeGateway("one", elements -> List.of());

        assertThat(refusalOf(compiler(gateway), config("one", "{}"), config("one", "{}", "[1]")))
                .isEqualTo("Could not set gateway configuration for capability 'cap': gateway 'one', /m.json:11:"
                        + " config[1]: it must be an object, not an array");
    }

    @Test
    void saysWhichElementAGatewayDoesNotAccept() {
        Gateway gateway = new FakeGateway("one", elements -> {
            throw new InvalidGatewayConfig(2, "'key' is missing");
        });

        assertThat(refusalOf(compiler(gateway), config("one", "{}"), config("one", "{}", "{}")))
                .isEqualTo("Could not set gateway configuration for capability 'cap': gateway 'one', /m.json:11:"
                        + " config[1]: 'key' is missing");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 1, Integer.MAX_VALUE})
    void survivesAGatewayThatPointsToAnElementThatIsNotThere(int index) {
        Gateway gateway = new FakeGateway("one", elements -> {
            throw new InvalidGatewayConfig(index, "odd");
        });

        assertThat(refusalOf(compiler(gateway), config("one", "{}"))).endsWith("config[0]: odd");
    }

    @Test
    void namesAGatewayThatThrows() {
        Gateway gateway = broken("one", elements -> {
            throw new IllegalStateException("oops\n" + "x".repeat(1_000_000));
        });

        SoftwareContainerException error = errorOf(compiler(gateway), config("one", "{}"));

        assertThat(error.kind()).isEqualTo(ErrorKind.HOST_REFUSED);
        assertThat(error)
                .hasMessageStartingWith(
                        "Gateway 'one' broke on its configuration: java.lang.IllegalStateException: oops")
                .hasCauseInstanceOf(IllegalStateException.class);
        assertThat(error.getMessage()).hasSizeLessThan(400).doesNotContain("\n");
    }

    @Test
    void survivesAGatewayThatReturnsNullOrOverflowsOrIsLinkedWrongly() {
        Gateway nullList = broken("one", elements -> null);
        Gateway nullItem = broken("one", elements -> Collections.singletonList(null));
        Gateway overflow = broken("one", elements -> {
            throw new StackOverflowError();
        });
        Gateway linkage = broken("one", elements -> {
            throw new NoClassDefFoundError("gone");
        });

        for (Gateway gateway : List.of(nullList, nullItem, overflow, linkage)) {
            assertThat(errorOf(compiler(gateway), config("one", "{}")))
                    .hasMessageStartingWith("Gateway 'one' broke on its configuration: ");
        }
    }

    @Test
    void doesNotLetAGatewayChangeTheConfiguration() {
        Gateway gateway = new FakeGateway("one", elements -> {
            ((ObjectNode) elements.get(0)).put("planted", true);
            return List.of();
        });
        GatewayConfig config = config("one", "{}");

        compiler(gateway).compile(List.of(config));

        assertThat(config.elements().get(0).json()).hasToString("{}");
    }

    @Test
    void refusesToStartWithTwoGatewaysOfOneId() {
        Gateway one = new FakeGateway("one", elements -> List.of());
        Gateway same = new OtherGateway();

        SoftwareContainerException error =
                catchThrowableOfType(SoftwareContainerException.class, () -> compiler(one, same));

        assertThat(error)
                .hasMessage("Gateway id 'one' is claimed by two classes, " + FakeGateway.class.getName() + " and "
                        + OtherGateway.class.getName());
    }

    private static final class OtherGateway implements Gateway {

        @Override
        public String id() {
            return "one";
        }

        @Override
        public List<SpecItem> contribute(List<JsonNode> elements, HostFacts host) {
            return List.of();
        }
    }

    private static GatewayCompiler compiler(Gateway... gateways) {
        return new GatewayCompiler(List.of(gateways), ClassLoader.getPlatformClassLoader(), new HostFacts(Map.of()));
    }

    private static Gateway broken(String id, Function<List<JsonNode>, List<SpecItem>> contribution) {
        return new FakeGateway(id, contribution);
    }

    /** Of capability 'cap', in line 7, with elements in lines 10, 11, … */
    private static GatewayConfig config(String gateway, String... elements) {
        List<GatewayConfig.Element> list = new ArrayList<>();
        Arrays.stream(elements)
                .forEach(text -> list.add(new GatewayConfig.Element(JSON.readTree(text), 10 + list.size())));
        return new GatewayConfig(gateway, "cap", Path.of("/m.json"), 7, list);
    }

    private static SoftwareContainerException errorOf(GatewayCompiler compiler, GatewayConfig... configuration) {
        return catchThrowableOfType(SoftwareContainerException.class, () -> compiler.compile(List.of(configuration)));
    }

    private static String refusalOf(GatewayCompiler compiler, GatewayConfig... configuration) {
        SoftwareContainerException error = errorOf(compiler, configuration);
        assertThat(error.kind()).isEqualTo(ErrorKind.INVALID_ARGUMENT);
        return String.valueOf(error.getMessage());
    }
}
