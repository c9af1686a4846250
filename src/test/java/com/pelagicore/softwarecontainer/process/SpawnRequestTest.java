package com.pelagicore.softwarecontainer.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SpawnRequestTest {

    private static final StandardStreams NOTHING = new StandardStreams.ToFile(Optional.empty());

    @Test
    void copiesWhatItIsGiven() {
        List<String> arguments = new ArrayList<>(List.of("app"));
        TreeMap<String, String> environment = new TreeMap<>(Map.of("A", "1"));
        SpawnRequest request = new SpawnRequest(arguments, environment, "/", NOTHING);

        arguments.add("x");
        environment.clear();

        assertThat(request.arguments()).containsExactly("app");
        assertThat(request.environment()).containsEntry("A", "1");
    }

    /** On the way to init each string ends with NUL: what stood behind it would be taken for the next one. */
    @Test
    void refusesNulEverywhere() {
        assertInvalid(List.of("a", "b\0C=1"), Map.of(), "/", "'b\\u0000C=1' contains NUL");
        assertInvalid(List.of("a"), Map.of("A", "1\0"), "/", "contains NUL");
        assertInvalid(List.of("a"), Map.of(), "/\0", "contains NUL");
    }

    @Test
    void refusesWhatTheKernelWouldNotTake() {
        String longest = "x".repeat(131_071);

        assertThat(request(List.of("a", longest), Map.of(), "/").arguments()).hasSize(2);
        assertInvalid(List.of("a", longest + "x"), Map.of(), "/", "is longer than the 131071 bytes");
        assertInvalid(List.of("a", "ä".repeat(65_536)), Map.of(), "/", "is longer than the 131071 bytes");
        assertInvalid(List.of("a"), Map.of("A", longest.substring(1)), "/", "is longer than the 131071 bytes");
    }

    private static SpawnRequest request(List<String> arguments, Map<String, String> environment, String directory) {
        return new SpawnRequest(arguments, new TreeMap<>(environment), directory, NOTHING);
    }

    private static void assertInvalid(
            List<String> arguments, Map<String, String> environment, String directory, String text) {
        assertThatThrownBy(() -> request(arguments, environment, directory))
                .hasMessageContaining(text)
                .extracting("kind")
                .isEqualTo(ErrorKind.INVALID_ARGUMENT);
    }

    @Test
    void showsNoMoreOfItsArgumentsThanAPageFull() {
        SpawnRequest request = new SpawnRequest(List.of("app", "x".repeat(10_000), "y"), new TreeMap<>(), "/", NOTHING);

        assertThat(request.shownArguments()).containsExactly("app", "x".repeat(4092) + "...");
        assertThat(new SpawnRequest(List.of("a", "b"), new TreeMap<>(), "/", NOTHING).shownArguments())
                .containsExactly("a", "b");
    }
}
