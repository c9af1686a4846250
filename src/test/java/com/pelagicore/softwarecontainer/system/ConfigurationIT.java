package com.pelagicore.softwarecontainer.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.pelagicore.softwarecontainer.system.LiveAgent.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Command line, configuration file, start and end of the agent's process. */
@SystemTest
final class ConfigurationIT {

    @TempDir
    private Path scratch;

    @Test
    void saysAllThatIsWrongWithItsConfigurationAtOnce(LiveAgent agent) throws IOException {
        Path file = Files.writeString(
                scratch.resolve("bad.conf"),
                """
                [SoftwareContainer]
                shutdown-timeout=soon
                no-such-key=1
                recovery=maybe
                """);

        Ended ended = agent.startAndAwaitEnd("-c", file.toString());

        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.output())
                .contains("bad.conf:2", "shutdown-timeout", "soon")
                .contains("bad.conf:3", "no-such-key")
                .contains("bad.conf:4", "recovery", "maybe")
                .doesNotContain("Exception");
    }

    @Test
    void refusesAMissingConfigurationFile(LiveAgent agent) {
        Ended ended = agent.startAndAwaitEnd("-c", "/no/such/file");

        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.output()).contains("/no/such/file").doesNotContain("Exception");
    }

    @Test
    void saysWhereAServiceManifestIsBroken(LiveAgent agent) throws IOException {
        Files.writeString(scratch.resolve("broken.json"), "{\"capabilities\": [\n{\"name\": 1}]}");
        Files.writeString(scratch.resolve("also-broken.json"), "{");

        Ended ended = agent.startAndAwaitEnd("-m", scratch.toString());

        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.output())
                .contains("broken.json", "name", "also-broken.json")
                .doesNotContain("Exception");
    }

    @Test
    void takesASingleManifestFileOnTheCommandLine(LiveAgent agent) throws IOException {
        Path file = Files.writeString(
                scratch.resolve("one.json"), "{\"capabilities\": [{\"name\": \"only.one\", \"gateways\": []}]}");
        agent.stop();

        agent.start("-m", file.toString());

        try (AgentClient client = agent.connect()) {
            assertThat(client.capabilities()).containsExactly("only.one");
        }
        agent.stop();
    }

    @Test
    void refusesANameThatIsTakenAndTouchesNothing(AgentClient client, LiveAgent agent) {
        int id = client.create();

        Ended second = agent.startAndAwaitEnd();

        assertThat(second.status()).isEqualTo(1);
        assertThat(second.output()).contains(AgentClient.NAME).doesNotContain("Exception");
        assertThat(client.list()).containsExactly(id);
        assertThat(client.execute(id, "/bin/true").status()).isZero();
    }

    @Test
    void refusesABusThatIsNotThere(LiveAgent agent) {
        Ended ended = agent.startAndAwaitEnd("-a", "unix:path=/no/such/bus");

        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.output()).contains("/no/such/bus").doesNotContain("Exception");
    }

    @Test
    void printsItsVersion(LiveAgent agent) {
        Ended ended = agent.startAndAwaitEnd("--version");

        assertThat(ended.status()).isZero();
        assertThat(ended.output()).matches("(?s)softwarecontainer-agent \\d+\\.\\d+\\.\\d+.*");
    }

    @Test
    void explainsItsOptions(LiveAgent agent) {
        Ended ended = agent.startAndAwaitEnd("--help");

        assertThat(ended.status()).isZero();
        assertThat(ended.output())
                .contains(
                        "--config",
                        "--manifest-dir",
                        "--default-manifest-dir",
                        "--session-bus",
                        "--timeout",
                        "--version");
    }

    @Test
    void refusesAnUnknownOption(LiveAgent agent) {
        Ended ended = agent.startAndAwaitEnd("--nonsense");

        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.output()).contains("--nonsense").doesNotContain("Exception");
    }

    @Test
    void findsTheBusByTheEnvironment(LiveAgent agent) {
        agent.stop();
        for (String[] way : new String[][] {{"DBUS_SYSTEM_BUS_ADDRESS"}, {"DBUS_SESSION_BUS_ADDRESS", "-b"}}) {
            agent.startOnBusOfEnvironment(way[0], Arrays.copyOfRange(way, 1, way.length));

            assertThat(agent.isRunning()).isTrue();
            agent.stop();
        }
    }

    @Test
    void destroysItsContainersWhenItIsStopped(AgentClient client, LiveAgent agent) {
        HostSnapshot before = HostSnapshot.take(agent.directory());
        int id = client.create();
        client.execute(id, "/bin/sleep 1000", "/", Path.of(""), Map.of());
        client.suspend(client.create(AgentClient.BUFFER));

        assertThat(agent.stop()).isZero();

        agent.start();
        before.assertRestored();
    }

    @Test
    void endsWithAStatusWhenTheBusIsLost() throws IOException {
        Path directory = Files.createTempDirectory(Path.of("/tmp"), "softwarecontainer-it-");
        try (LiveAgent agent = new LiveAgent(directory)) {
            agent.start();

            agent.bus().close();

            assertThat(agent.awaitExit()).isNotZero();
            assertThat(agent.log()).contains("bus").doesNotContain("Exception");
        }
    }
}
