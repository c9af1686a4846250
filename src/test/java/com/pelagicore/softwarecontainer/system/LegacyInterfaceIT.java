package com.pelagicore.softwarecontainer.system;

import static com.pelagicore.softwarecontainer.system.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.pelagicore.softwarecontainer.system.AgentClient.Execution;
import com.pelagicore.softwarecontainer.system.AgentClient.ProcessEnd;
import com.pelagicore.softwarecontainer.system.BusMessage.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names, types, values and error texts that launchers written for the C++ SoftwareContainer rely on. */
@SystemTest
final class LegacyInterfaceIT {

    @Test
    void introspectsAsTheContractSaysByteForByte(AgentClient client) throws IOException {
        String contract = Files.readString(Path.of("dbus-interfaces/com.pelagicore.SoftwareContainerAgent.xml"));

        Object xml = client.bus()
                .call(
                        AgentClient.NAME,
                        new Target(AgentClient.PATH, "org.freedesktop.DBus.Introspectable", "Introspect"),
                        "")
                .get(0);

        assertThat(xml).isEqualTo(contract);
    }

    @Test
    void answersTheStandardInterfaces(AgentClient client) {
        BusClient bus = client.bus();

        assertThat(bus.call(AgentClient.NAME, new Target("/", "org.freedesktop.DBus.Peer", "Ping"), ""))
                .isEmpty();
        assertThat(bus.call(
                                AgentClient.NAME,
                                new Target(AgentClient.PATH, "org.freedesktop.DBus.Peer", "GetMachineId"),
                                "")
                        .get(0))
                .asString()
                .matches("[0-9a-f]{32}");
        assertThat(bus.call(
                        AgentClient.NAME,
                        new Target(AgentClient.PATH, "org.freedesktop.DBus.Properties", "GetAll"),
                        "s",
                        AgentClient.NAME))
                .containsExactly(Map.of());
    }

    @Test
    void listsContainersInAscendingOrder(AgentClient client) {
        assertThat(client.list()).isEmpty();
        int first = client.create();
        int second = client.create();

        assertThat(client.list()).isSorted().containsExactlyInAnyOrder(first, second);
    }

    @Test
    void givesFreedIdsOutAgainLastInFirstOut(AgentClient client) {
        int first = client.create();
        int second = client.create();
        client.destroy(first);
        client.destroy(second);

        assertThat(List.of(client.create(), client.create())).containsExactly(second, first);
    }

    @Test
    void listsCapabilitiesSortedByByteValueAndWithoutDefaults(AgentClient client) {
        assertThat(client.capabilities())
                .isSorted()
                .contains(TestManifests.GREETING, TestManifests.UNHEARD_OF)
                .doesNotContain(TestManifests.DEFAULT);
    }

    @ParameterizedTest
    @CsvSource({"exit 0, 0", "exit 42, 10752", "kill -KILL $$, 9", "kill -TERM $$, 15"})
    void reportsTheRawWaitStatus(String script, int status, AgentClient client) {
        int id = client.create();

        assertThat(client.execute(id, "/bin/sh -c '" + script + "'").status()).isEqualTo(status);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/no/such/program", "no-such-program", "/etc/passwd", "/etc"})
    void reportsAProgramThatCannotBeExecutedAsStatus256(String program, AgentClient client) {
        int id = client.create();

        assertThat(client.execute(id, program).status()).isEqualTo(256);
    }

    @Test
    void broadcastsTheEndOfAProcessOnce(AgentClient client, LiveAgent agent) {
        int id = client.create();
        try (AgentClient other = agent.connect()) {
            Execution run = client.execute(id, "/bin/true");

            assertThat(run.status()).isZero();
            client.list();
            other.list();

            ProcessEnd end = new ProcessEnd(id, run.pid(), false, 0);
            assertThat(client.ends(id, run.pid())).containsExactly(end);
            assertThat(other.ends(id, run.pid())).containsExactly(end);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "[{\"writeBufferEnabled\": false, \"unknown\": 1}]",
                " [ ] ",
                "[{\"writeBufferEnabled\": true}, {\"writeBufferEnabled\": false}]"
            })
    void createsWithTheConfigurationsOfTheOriginal(String config, AgentClient client) {
        int id = client.create(config);

        assertThat(client.list()).containsExactly(id);
    }

    @Test
    void grantsNothingForAnEmptyListOfCapabilitiesWhateverTheIdIs(AgentClient client) {
        assertThat(client.call("SetCapabilities", "ias", 4711, List.of())).isEmpty();
    }

    @Test
    void refusesAllButListResumeAndDestroyWhileSuspended(AgentClient client, LiveAgent agent) {
        int id = client.create();
        client.suspend(id);

        assertRefused(() -> client.execute(id, "/bin/true")).contains("non ready container SC-" + id);
        assertRefused(() -> client.bindMount(id, agent.data(), "/opt/x", true))
                .contains("Invalid to bind mount in non ready container SC-" + id);
        assertRefused(() -> client.setCapabilities(id, TestManifests.GREETING))
                .contains("Invalid to start gateways on non ready container SC-" + id);
        assertRefused(() -> client.suspend(id)).contains("Invalid to suspend non ready container SC-" + id);
        assertThat(client.list()).containsExactly(id);
        client.resume(id);
        assertRefused(() -> client.resume(id)).contains("Invalid to resume non suspended container SC-" + id);
    }

    @Test
    void holdsAllProcessesWhileSuspended(AgentClient client) {
        int id = client.create();
        Execution sleeper = client.execute(id, "/bin/sleep 1000");
        client.suspend(id);

        ProcessHandle.of(sleeper.pid()).orElseThrow().destroy();
        for (int i = 0; i < 20; i++) {
            client.list();
        }

        assertThat(client.ends(id, sleeper.pid())).isEmpty();
        client.resume(id);
        assertThat(sleeper.status()).isEqualTo(15);
    }

    @Test
    void namesWrongMembersInterfacesAndObjectsAsTheStandardDoes(AgentClient client) {
        String prefix = "org.freedesktop.DBus.Error.";
        BusClient bus = client.bus();
        String name = AgentClient.NAME;

        assertRefused(prefix + "UnknownMethod", () -> client.call("Nope", "")).contains("Nope");
        assertRefused(
                        prefix + "UnknownInterface",
                        () -> bus.call(name, new Target(AgentClient.PATH, "a.B", "List"), ""))
                .contains("a.B");
        assertRefused(prefix + "UnknownObject", () -> bus.call(name, new Target("/nowhere", name, "List"), ""))
                .contains("/nowhere");
        assertRefused(
                        prefix + "UnknownMethod",
                        () -> bus.call(name, new Target(AgentClient.PATH, "org.freedesktop.DBus.Peer", "List"), ""))
                .contains("List");
    }
}
