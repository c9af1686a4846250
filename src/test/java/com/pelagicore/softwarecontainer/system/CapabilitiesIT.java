package com.pelagicore.softwarecontainer.system;

import static com.pelagicore.softwarecontainer.system.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.pelagicore.softwarecontainer.system.AgentClient.Execution;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Granting capabilities: as a whole or not at all. */
@SystemTest
final class CapabilitiesIT {

    @Test
    void grantsVariablesAndMounts(AgentClient client) {
        int id = client.create();

        client.setCapabilities(id, TestManifests.GREETING, TestManifests.WRITABLE);

        assertThat(client.shell(id, "echo $GREETING; cat /gateways/data/file.txt /opt/data/file.txt"))
                .isEqualTo("hello\nfrom the host\nfrom the host");
        assertThat(client.shell(id, "echo x 2>&1 > /gateways/data/x || true")).contains("Read-only");
        assertThat(client.shell(id, "echo x > /opt/data/x && rm /opt/data/x && echo written"))
                .isEqualTo("written");
    }

    @Test
    void appliesTheDefaultsAtTheFirstExecute(AgentClient client) {
        assertThat(client.shell(client.create(), "echo $DEFAULT")).isEqualTo("yes");
    }

    @Test
    void appliesTheDefaultsWithTheFirstGrant(AgentClient client) {
        int id = client.create();

        client.setCapabilities(id, TestManifests.GREETING);

        assertThat(client.shell(id, "cat /gateways/env")).contains("DEFAULT");
    }

    @Test
    void joinsWhatCapabilitiesSayAboutOneVariableForProcessesStartedLater(AgentClient client) {
        int id = client.create();
        client.setCapabilities(id, TestManifests.GREETING);

        client.setCapabilities(id, TestManifests.GREETING_JOINED);

        assertThat(client.shell(id, "echo $GREETING; . /gateways/env; echo $GREETING"))
                .isEqualTo("oh hello, world\noh hello, world");
    }

    @Test
    void takesAGrantTwice(AgentClient client) {
        int id = client.create();

        client.setCapabilities(id, TestManifests.GREETING, TestManifests.GREETING);
        client.setCapabilities(id, TestManifests.GREETING);

        assertThat(client.shell(id, "echo $GREETING; grep -c ' /gateways/data ' /proc/mounts"))
                .isEqualTo("hello\n1");
    }

    @Test
    void addsToWhatWasGrantedBefore(AgentClient client) {
        int id = client.create();
        client.setCapabilities(id, TestManifests.GREETING);
        client.execute(id, "/bin/true").status();

        client.setCapabilities(id, TestManifests.WRITABLE);

        assertThat(client.shell(id, "echo $GREETING $DEFAULT; ls /opt/data/file.txt"))
                .isEqualTo("hello yes\n/opt/data/file.txt");
    }

    @Test
    void grantsNothingIfOneNameIsUnknown(AgentClient client) {
        int id = client.create();

        assertRefused(() -> client.setCapabilities(id, TestManifests.GREETING, "no.such"))
                .startsWith("One or more capabilities were not found")
                .contains("no.such");

        assertHasOnlyTheDefaults(client, id);
    }

    @Test
    void grantsNothingIfADirectoryOfTheHostIsMissing(AgentClient client) {
        int id = client.create();

        assertRefused(() -> client.setCapabilities(id, TestManifests.GREETING, TestManifests.MISSING_DIRECTORY))
                .contains(
                        "Could not set capabilities 'test.greeting', 'test.missing-directory': '",
                        "/missing' does not exist on the host");

        assertHasOnlyTheDefaults(client, id);
        assertThat(client.shell(id, "ls -d /opt/partly/file.txt 2>&1 || true")).contains("No such file");
    }

    @Test
    void grantsNothingIfAConfigurationIsBroken(AgentClient client) {
        int id = client.create();

        assertRefused(() -> client.setCapabilities(id, TestManifests.GREETING, TestManifests.BROKEN))
                .startsWith("Could not set gateway configuration for capability")
                .contains("env", "name");

        assertHasOnlyTheDefaults(client, id);
    }

    @Test
    void saysThatThereIsNoSuchGateway(AgentClient client) {
        int id = client.create();

        assertRefused(() -> client.setCapabilities(id, TestManifests.UNHEARD_OF))
                .contains("Could not find any gateway matching id: teleport");
    }

    @Test
    void startsNothingIfTheDefaultsCannotBeGranted(LiveAgent agent, @TempDir Path defaults) throws IOException {
        Files.writeString(
                defaults.resolve("default.json"),
                """
                {"capabilities": [{"name": "bad.default", "gateways": [{"id": "env", "config": [{"name": ""}]}]}]}
                """);
        agent.stop();
        agent.start("-d", defaults.toString());
        try (AgentClient client = agent.connect()) {
            int id = client.create();

            assertRefused(() -> client.execute(id, "/bin/sleep 1000"))
                    .startsWith("Could not set default capabilities on container")
                    .contains("env", "name");
            client.destroy(id);
        }
        agent.stop();
    }

    @Test
    void refusesTheNameOfADefaultCapability(AgentClient client) {
        int id = client.create();

        assertRefused(() -> client.setCapabilities(id, TestManifests.DEFAULT)).contains(TestManifests.DEFAULT);
    }

    @Test
    void keepsTheGrantsOfContainersApart(AgentClient client) {
        int granted = client.create();
        int other = client.create();

        client.setCapabilities(granted, TestManifests.GREETING);

        assertHasOnlyTheDefaults(client, other);
    }

    @Test
    void leavesProcessesThatRunAsTheyAre(AgentClient client) {
        int id = client.create();
        Execution before = client.execute(id, "/bin/sleep 1000", "/", Map.of());

        client.setCapabilities(id, TestManifests.GREETING);

        assertThat(HostProcess.running(before, "/bin/sleep").environment()).doesNotContainKey("GREETING");
    }

    private static void assertHasOnlyTheDefaults(AgentClient client, int id) {
        Execution run = client.execute(id, "/bin/sleep 1000");
        assertThat(HostProcess.running(run, "/bin/sleep").environment())
                .containsOnlyKeys("PATH", "container", "DEFAULT");
        assertThat(client.shell(id, "ls -d /gateways/data/file.txt 2>&1 || true"))
                .contains("No such file");
    }
}
