package com.pelagicore.softwarecontainer.system;

import static com.pelagicore.softwarecontainer.system.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every entrance with what must not come in: an error that names the thing, no side effect, an agent that goes on. */
@SystemTest
final class BadInputIT {

    private static final String INVALID_ARGUMENTS = "org.freedesktop.DBus.Error.InvalidArgs";

    @TempDir
    private Path scratch;

    @AfterEach
    void goesOn(AgentClient client) {
        int id = client.create();
        assertThat(client.execute(id, "/bin/true").status()).isZero();
        client.destroy(id);
    }

    private record Verb(String member, String signature, List<Object> afterTheId) {
        List<Object> arguments(int id) {
            List<Object> all = new ArrayList<>(List.of(id));
            all.addAll(afterTheId);
            return all;
        }
    }

    static Stream<Arguments> verbsAndWrongIds() {
        List<Verb> verbs = List.of(
                new Verb("Execute", "isssa{ss}", List.of("/bin/true", "/", "", Map.of())),
                new Verb("Suspend", "i", List.of()),
                new Verb("Resume", "i", List.of()),
                new Verb("Destroy", "i", List.of()),
                new Verb("BindMount", "issb", List.of("/usr", "/opt/x", true)),
                new Verb("SetCapabilities", "ias", List.of(List.of(TestManifests.GREETING))));
        Map<Integer, String> wrongIds = Map.of(
                Integer.MAX_VALUE,
                "ID can not be greater than INT32",
                -1,
                "ID can not be negative",
                Integer.MIN_VALUE,
                "ID can not be negative",
                4711,
                "No container matching that ID exists.");
        return verbs.stream().flatMap(verb -> wrongIds.entrySet().stream()
                .map(wrong -> Arguments.of(verb, wrong.getKey(), wrong.getValue())));
    }

    @ParameterizedTest
    @MethodSource("verbsAndWrongIds")
    void refusesIdsThatAreNone(Verb verb, int id, String reason, AgentClient client) {
        assertRefused(() -> client.call(
                        verb.member(), verb.signature(), verb.arguments(id).toArray()))
                .contains("Invalid Container ID: " + id, reason);
    }

    static Stream<Arguments> wrongTypes() {
        return Stream.of(
                Arguments.of("List", "i", List.of(1)),
                Arguments.of("ListCapabilities", "s", List.of("x")),
                Arguments.of("Create", "", List.of()),
                Arguments.of("Create", "i", List.of(1)),
                Arguments.of("Create", "ss", List.of("[]", "[]")),
                Arguments.of("Create", "as", List.of(List.of("[]"))),
                Arguments.of("Execute", "usssa{ss}", List.of(0L, "/bin/true", "/", "", Map.of())),
                Arguments.of("Execute", "isss", List.of(0, "/bin/true", "/", "")),
                Arguments.of("Execute", "isssas", List.of(0, "/bin/true", "/", "", List.of())),
                Arguments.of("Execute", "isssa{sv}", List.of(0, "/bin/true", "/", "", Map.of())),
                Arguments.of("Suspend", "s", List.of("0")),
                Arguments.of("Resume", "", List.of()),
                Arguments.of("Destroy", "x", List.of(0L)),
                Arguments.of("Destroy", "v", List.of(new WireWriter.Variant("i", 0))),
                Arguments.of("BindMount", "issi", List.of(0, "/usr", "/opt/x", 1)),
                Arguments.of("BindMount", "iss", List.of(0, "/usr", "/opt/x")),
                Arguments.of("SetCapabilities", "is", List.of(0, TestManifests.GREETING)),
                Arguments.of("SetCapabilities", "iai", List.of(0, List.of(1))));
    }

    @ParameterizedTest
    @MethodSource("wrongTypes")
    void refusesWrongTypes(String member, String signature, List<Object> arguments, AgentClient client) {
        assertRefused(INVALID_ARGUMENTS, () -> client.call(member, signature, arguments.toArray()))
                .contains("(" + signature + ")");
    }

    static Stream<Arguments> configurations() {
        return Stream.of(
                Arguments.of("", "Empty JSON config strings are not supported."),
                Arguments.of("x", "Could not parse config"),
                Arguments.of("[", "Could not parse config"),
                Arguments.of("[] []", "Could not parse config"),
                Arguments.of("{}", "Root JSON element is not an array"),
                Arguments.of("[1]", "Configure entry is not an object"),
                Arguments.of("[[]]", "Configure entry is not an object"),
                Arguments.of("[{}]", "writeBufferEnabled"),
                Arguments.of("[{\"writeBufferEnabled\": \"true\"}]", "writeBufferEnabled"),
                Arguments.of("[{\"writeBufferEnabled\": 1}]", "writeBufferEnabled"),
                Arguments.of("[{\"writeBufferEnabled\": NaN}]", "Could not parse config"),
                Arguments.of("[{\"writeBufferEnabled\": true},]", "Could not parse config"),
                Arguments.of("[".repeat(100_000), "Could not parse config"),
                Arguments.of("[" + "{\"a\":".repeat(50_000), "Could not parse config"),
                Arguments.of("x".repeat(1_000_000), "Could not parse config"));
    }

    @ParameterizedTest
    @MethodSource("configurations")
    void refusesConfigurationsThatAreNone(String config, String reason, AgentClient client) {
        assertRefused(() -> client.create(config)).contains(reason).hasSizeLessThan(2_000);

        assertThat(client.list()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"0", "-1", "9223372036854775807", "1e400", "100000000000000000000000000", "\"big\"", "null"})
    void refusesOrReplacesSizesThatAreNone(String size, AgentClient client) {
        String config = "[{\"writeBufferEnabled\": true, \"temporaryFileSystemWriteBufferEnabled\": true,"
                + " \"temporaryFileSystemSize\": " + size + "}]";
        try {
            int id = client.create(config);

            assertThat(client.execute(id, "/bin/true").status()).isZero();
        } catch (BusError refused) {
            assertThat(refused.name()).isEqualTo(BusError.FAILED);
            assertThat(refused.getMessage()).containsAnyOf("temporaryFileSystemSize", "column");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "   ", "'unbalanced", "/bin/echo \"unbalanced", "/bin/echo \\"})
    void refusesCommandLinesThatAreNone(String commandLine, AgentClient client) {
        int id = client.create();

        assertRefused(() -> client.execute(id, commandLine)).isNotBlank();

        assertThat(client.shell(id, "ps -o comm | grep -cx echo || true")).isEqualTo("0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "A=B", "=", "=A"})
    void refusesEnvironmentNamesThatAreNone(String name, AgentClient client) {
        int id = client.create();

        assertRefused(() -> client.execute(id, "/bin/sleep 1000", "/", Map.of(name, "x")))
                .contains(name.isEmpty() ? "empty name" : "'" + name + "'");

        assertThat(client.shell(id, "ps")).doesNotContain("sleep");
    }

    @Test
    void refusesOrRunsHugeCommandLines(AgentClient client) {
        int id = client.create();
        for (String commandLine : List.of(
                "/bin/echo " + "x".repeat(100_000),
                "/bin/echo " + "x".repeat(1_000_000),
                "/bin/echo" + " x".repeat(500_000),
                "x".repeat(5_000))) {
            try {
                client.execute(id, commandLine).status();
            } catch (BusError refused) {
                assertThat(refused.name()).isEqualTo(BusError.FAILED);
                assertThat(refused.getMessage()).isNotBlank().hasSizeLessThan(2_000);
            }
        }
        assertThat(client.execute(id, "/bin/echo fine").status()).isZero();
    }

    @Test
    void doesNotWaitForTheReaderOfAFifo(AgentClient client) {
        int id = client.create();
        Path fifo = scratch.resolve("fifo");
        Programs.run("mkfifo", fifo.toString());

        assertRefused(() -> client.execute(id, "/bin/sleep 1000", "/", fifo, Map.of()))
                .contains(fifo.toString());
    }

    static Stream<Arguments> mounts() {
        String missing = "/no/such/path";
        return Stream.of(
                Arguments.of(missing, "/opt/x", missing),
                Arguments.of("", "/opt/x", "''"),
                Arguments.of("relative", "/opt/x", "relative"),
                Arguments.of("/usr", "", "''"),
                Arguments.of("/usr", "/", "/"),
                Arguments.of("/usr", "/..", "/.."),
                Arguments.of("/usr", "relative", "relative"),
                Arguments.of("/usr", "./relative", "./relative"),
                Arguments.of("/usr", "/etc/passwd/below-a-file", "/etc/passwd/below-a-file"),
                Arguments.of("/usr", "/etc/passwd", "/etc/passwd"),
                Arguments.of("/etc/hostname", "/tmp", "/tmp"),
                Arguments.of("/usr", "/opt/" + "x".repeat(300), "x".repeat(20)),
                Arguments.of("/usr" + "/x".repeat(5_000), "/opt/x", "/usr/x/x"),
                Arguments.of("/usr", "/x".repeat(100_000), "/x/x"));
    }

    @ParameterizedTest
    @MethodSource("mounts")
    void refusesMountsThatCannotBe(String pathInHost, String pathInContainer, String named, AgentClient client) {
        int id = client.create();
        String before = client.shell(id, "cat /proc/mounts; ls /opt 2>&1 || true");

        assertRefused(() -> client.call("BindMount", "issb", id, pathInHost, pathInContainer, true))
                .startsWith("Unable to bind mount ")
                .contains(named)
                .hasSizeLessThan(2_000);

        assertThat(client.shell(id, "cat /proc/mounts; ls /opt 2>&1 || true")).isEqualTo(before);
    }

    @Test
    void refusesCapabilityNamesThatAreNone(AgentClient client) {
        int id = client.create();

        for (String name : List.of("", "no.such", "../etc", "x".repeat(1_000_000))) {
            assertRefused(() -> client.setCapabilities(id, name))
                    .hasSizeLessThan(2_000)
                    .isNotBlank();
        }
        assertRefused(() -> client.setCapabilities(
                        id, Stream.generate(() -> "no.such").limit(50_000).toArray(String[]::new)))
                .contains("no.such")
                .hasSizeLessThan(2_000);
    }

    @Test
    void refusesAMessageOverTheLimitToThatClientOnly(AgentClient client, LiveAgent agent) {
        int id = client.create();
        try (AgentClient big = agent.connect()) {
            for (int bytes : new int[] {1_100_000, 25_000_000}) {
                assertRefused("org.freedesktop.DBus.Error.LimitsExceeded", () -> big.create("x".repeat(bytes)))
                        .contains("limit");
            }
        }

        assertThat(agent.isRunning()).isTrue();
        assertThat(client.list()).containsExactly(id);
    }

    @Test
    void survivesBytesThatAreNoMessage(AgentClient client, LiveAgent agent) {
        byte[] notUtf8 = WireWriter.body("s", (Object) new byte[] {(byte) 0xff, (byte) 0xfe});
        byte[] shorterThanItsSignature = WireWriter.body("i", 0);
        byte[] text = "no body at all".getBytes(StandardCharsets.UTF_8);
        for (byte[] body : List.of(notUtf8, shorterThanItsSignature, text)) {
            try (AgentClient broken = agent.connect()) {
                var answer = broken.bus().send(AgentClient.NAME, AgentClient.target("Create"), "s", body);

                assertThat(Deadlines.succeeds(answer)).isFalse();
            }
        }

        assertThat(client.list()).isEmpty();
    }

    @Test
    void leavesNothingOfAFloodOfUnfinishedCalls(AgentClient client, LiveAgent agent) {
        int id = client.create();
        try (AgentClient flood = agent.connect()) {
            for (int i = 0; i < 3_000; i++) {
                flood.send("Execute", "isssa{ss}", id, "'unbalanced", "/", "", Map.of());
            }
            assertThat(client.list()).containsExactly(id);
        }

        assertThat(agent.isRunning()).isTrue();
    }
}
