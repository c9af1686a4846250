package com.pelagicore.softwarecontainer.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.pelagicore.softwarecontainer.config.Recovery;
import com.pelagicore.softwarecontainer.system.AgentClient.Execution;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The dbus gateway on real buses: busctl, gdbus and a client that cheats in the container, a service outside. */
@SystemTest
final class DbusIT {

    private static final String MANIFEST =
            """
            {"version": "1", "capabilities": [
              {"name": "dbus.none", "gateways": [{"id": "dbus", "config": [{"dbus-gateway-config-system": []}]}]},
              {"name": "dbus.echo", "gateways": [{"id": "dbus", "config": [{"dbus-gateway-config-system": [
                {"direction": "outgoing", "interface": "org.example.Echo", "object-path": "/org/example/*",
                 "method": ["E?ho", "Length", "Zeros", "ReadDescriptor", "CallersUser"]}]}]}]},
              {"name": "dbus.secret", "gateways": [{"id": "dbus", "config": [{"dbus-gateway-config-system": [
                {"direction": "outgoing", "interface": "*", "object-path": "*", "method": "Secret"}]}]}]},
              {"name": "dbus.serve", "gateways": [{"id": "dbus", "config": [{"dbus-gateway-config-system": [
                {"direction": "incoming", "interface": "org.example.Echo", "object-path": "*",
                 "method": "Echo"}]}]}]},
              {"name": "dbus.all", "gateways": [{"id": "dbus", "config": [
                {"dbus-gateway-config-system": [
                  {"direction": "*", "interface": "*", "object-path": "*", "method": "*"}]},
                {"dbus-gateway-config-session": [
                  {"direction": "*", "interface": "*", "object-path": "*", "method": "*"}]}]}]},
              {"name": "dbus.agent", "gateways": [{"id": "dbus", "config": [{"dbus-gateway-config-system": [
                {"direction": "*", "interface": "com.pelagicore.SoftwareContainerAgent", "object-path": "*",
                 "method": "List"}]}]}]}
            ]}
            """;

    private static final Path SCRIPTS = Path.of("src/test/python").toAbsolutePath();
    private static final String ECHO = "org.example.Echo /org/example/Echo org.example.Echo ";
    private static final String CALL = "busctl --address=$DBUS_SYSTEM_BUS_ADDRESS call ";
    private static final String DENIED = "org.freedesktop.DBus.Error.AccessDenied";

    private static Process service;

    @BeforeAll
    static void startTheServiceAndTheFilter(LiveAgent agent) throws IOException {
        Files.writeString(agent.manifests().resolve("dbus.json"), MANIFEST);
        agent.stop();
        agent.start();
        service = service(agent.bus().address(), "org.example.Echo");
        startTheFilter(agent);
    }

    @AfterAll
    static void stopTheService() {
        service.destroy();
    }

    @Test
    void reachesTheBusItselfWithoutAnyRule(AgentClient client) {
        int id = granted(client, "dbus.none");

        assertThat(client.shell(id, CALL + "org.freedesktop.DBus / org.freedesktop.DBus GetId"))
                .startsWith("s ");
        assertThat(client.shell(id, CALL + ECHO + "Echo s hello 2>&1 || true")).containsIgnoringCase("denied");
    }

    @Test
    void passesWhatARuleAllowsAndNothingElse(AgentClient client, LiveAgent agent) {
        int id = granted(client, "dbus.echo");

        assertThat(client.shell(id, CALL + ECHO + "Echo s hello")).isEqualTo("s \"hello\"");
        assertThat(client.shell(id, CALL + ECHO + "Secret s hello 2>&1 || true"))
                .isEqualTo("Call failed: Access denied");
        assertThat(agent.log()).contains("SC-" + id + ": system bus: denied outgoing call org.example.Echo.Secret");
    }

    @Test
    void isNotRootOnTheHostsBus(AgentClient client) {
        int id = granted(client, "dbus.echo");

        assertThat(client.shell(id, CALL + ECHO + "CallersUser")).isEqualTo("u 65534");
    }

    @Test
    void passesLargeMessagesInBothDirections(AgentClient client) {
        int id = granted(client, "dbus.echo");

        assertThat(client.shell(
                        id, "busctl --address=$DBUS_SYSTEM_BUS_ADDRESS call -q " + ECHO + "Zeros i 4000000; echo $?"))
                .isEqualTo("0");
        assertThat(raw(client, id, "send_large")).isEqualTo("3000000");
    }

    @Test
    void servesGdbusOnTheSessionBus(AgentClient client, LiveAgent agent) throws IOException {
        Process onSession = service(agent.sessionBus().address(), "org.example.Session");
        try {
            int id = granted(client, "dbus.all");

            assertThat(client.shell(
                            id,
                            "gdbus call --session -d org.example.Session -o /org/example/Echo"
                                    + " -m org.example.Echo.Echo hello"))
                    .isEqualTo("('hello',)");
        } finally {
            onSession.destroy();
        }
    }

    @Test
    void widensTheRulesOfClientsThatAreConnected(AgentClient client) {
        int id = granted(client, "dbus.echo");
        Execution waiting = client.execute(id, "/usr/bin/python3 " + script(client, id) + " call_until_denied_no_more");
        Deadlines.await(() -> waiting.output().contains("waiting"));

        client.setCapabilities(id, "dbus.secret");

        assertThat(waiting.status()).isZero();
        assertThat(waiting.output()).contains("granted");
    }

    @Test
    void letsTheHostCallAServiceInTheContainerIfARuleAllowsIt(AgentClient client, LiveAgent agent) {
        int id = granted(client, "dbus.none");
        Path place = Path.of("/opt/scripts");
        client.bindMount(id, SCRIPTS, place.toString(), true);
        Execution inside = client.execute(id, "/usr/bin/python3 /opt/scripts/service.py org.example.Inside");
        Deadlines.await(() -> inside.output().contains("ready"));

        String before = callInside(agent);
        client.setCapabilities(id, "dbus.serve");

        assertThat(before).isEqualTo("Call failed: Access denied\n");
        assertThat(callInside(agent)).isEqualTo("s \"hello\"\n");
    }

    @Test
    void passesDescriptors(AgentClient client) {
        assertThat(raw(client, granted(client, "dbus.echo"), "pass_descriptor")).isEqualTo("through the pipe");
    }

    @Test
    void doesNotLetARawClientCheat(AgentClient client, LiveAgent agent) {
        int id = granted(client, "dbus.echo");

        assertThat(raw(client, id, "cheat " + agentsUniqueName(agent)).lines())
                .containsExactly(
                        "allowed: passed",
                        "forbidden member: " + DENIED,
                        "without interface: " + DENIED,
                        "properties: " + DENIED,
                        "monitor: " + DENIED,
                        "monitor without interface: " + DENIED,
                        "monitor without destination: " + DENIED,
                        "eavesdropping: " + DENIED,
                        "plain match: passed",
                        "activation: org.freedesktop.DBus.Error.ServiceUnknown",
                        "environment of services: " + DENIED,
                        "agent's name: " + DENIED,
                        "agent: " + DENIED,
                        "agent by unique name: " + DENIED,
                        "agent pinged: " + DENIED,
                        "still connected after a forged answer: passed");
    }

    @Test
    void keepsTheAgentOutOfReachOfPatterns(AgentClient client, LiveAgent agent) {
        int id = granted(client, "dbus.all");

        assertThat(raw(client, id, "cheat " + agentsUniqueName(agent)).lines())
                .contains(
                        "forbidden member: passed",
                        "without interface: passed",
                        "monitor: " + DENIED,
                        "agent: " + DENIED,
                        "agent by unique name: " + DENIED,
                        "agent pinged: " + DENIED);
    }

    @Test
    void reachesTheAgentIfItsInterfaceIsNamed(AgentClient client) {
        int id = granted(client, "dbus.agent");
        String agent = AgentClient.NAME + " " + AgentClient.PATH + " " + AgentClient.NAME;

        assertThat(client.shell(id, CALL + agent + " List")).isEqualTo("ai 1 " + id);
        assertThat(client.shell(id, CALL + agent + " Destroy i 0 2>&1 || true")).containsIgnoringCase("denied");
    }

    @Test
    void hangsUpOnWhoBreaksTheProtocolAndOnNobodyElse(AgentClient client) {
        int id = granted(client, "dbus.echo");

        assertThat(raw(client, id, "break_protocol").lines())
                .containsExactly(
                        "garbage: hung up",
                        "smuggle: hung up",
                        "too_many: hung up",
                        "missing: hung up",
                        "twice: hung up",
                        "endless_header: hung up",
                        "a good client: passed");
    }

    @Test
    void servesNoMoreThan32ClientsOfAContainer(AgentClient client) {
        assertThat(raw(client, granted(client, "dbus.none"), "open_many 40")).isEqualTo("32");
    }

    @Test
    void isStartedAnewIfItDiesAndClientsReconnect(AgentClient client, LiveAgent agent) {
        int id = granted(client, "dbus.echo");
        Execution calling = client.execute(id, "/usr/bin/python3 " + script(client, id) + " call_for_ever");
        Deadlines.await(() -> calling.output().contains("."));
        HostProcess before = filter(agent);

        before.kill();

        Deadlines.await(() -> calling.output().contains("reconnects\n."));
        assertThat(filter(agent)).isNotEqualTo(before);
        assertThat(client.shell(id, CALL + ECHO + "Secret s hello 2>&1 || true"))
                .containsIgnoringCase("denied");
    }

    @Test
    void outlivesTheAgentAndEndsWithoutIt(AgentClient client, LiveAgent agent) {
        int id = granted(client, "dbus.echo");
        Execution calling = client.execute(id, "/usr/bin/python3 " + script(client, id) + " call_for_ever");
        Deadlines.await(() -> calling.output().contains("."));
        HostProcess filter = filter(agent);

        agent.crash();
        int soFar = calling.output().length();
        Deadlines.await(() -> calling.output().length() > soFar + 100);

        assertThat(calling.output()).doesNotContain("reconnects");
        agent.restart(Recovery.DESTROY);
        assertThat(filter(agent)).isEqualTo(filter);
        agent.stop();
        filter.awaitEnd();
        agent.start();
        startTheFilter(agent);
    }

    @Test
    void runsWithoutPrivileges(AgentClient client, LiveAgent agent) {
        granted(client, "dbus.none");

        assertThat(filter(agent).read("status"))
                .contains("Uid:\t65534\t65534\t65534\t65534", "Gid:\t65534\t65534\t65534\t65534")
                .containsPattern("Groups:\\s*\n")
                .contains("CapPrm:\t0000000000000000", "CapEff:\t0000000000000000", "NoNewPrivs:\t1");
    }

    private static int granted(AgentClient client, String... capabilities) {
        int id = client.create();
        client.setCapabilities(id, capabilities);
        return id;
    }

    private static void startTheFilter(LiveAgent agent) {
        try (AgentClient first = agent.connect()) {
            first.destroy(granted(first, "dbus.none"));
        }
    }

    private static String raw(AgentClient client, int id, String arguments) {
        return client.shell(id, "/usr/bin/python3 " + script(client, id) + " " + arguments);
    }

    private static String script(AgentClient client, int id) {
        client.bindMount(id, SCRIPTS, "/opt/scripts", true);
        return "/opt/scripts/raw_client.py";
    }

    private static String callInside(LiveAgent agent) {
        return Programs.run(
                "/bin/sh",
                "-c",
                "busctl --address=" + agent.bus().address()
                        + " call org.example.Inside /org/example/Echo org.example.Echo Echo s hello 2>&1 || true");
    }

    private static String agentsUniqueName(LiveAgent agent) {
        try (BusClient client = new BusClient(agent.bus().socket(), signal -> {})) {
            return (String) client.call(
                            "org.freedesktop.DBus",
                            new BusMessage.Target("/org/freedesktop/DBus", "org.freedesktop.DBus", "GetNameOwner"),
                            "s",
                            AgentClient.NAME)
                    .get(0);
        }
    }

    private static HostProcess filter(LiveAgent agent) {
        Deadlines.await(() -> filters(agent).size() == 1);
        return filters(agent).get(0);
    }

    private static List<HostProcess> filters(LiveAgent agent) {
        String control = agent.directory().resolve("mounts/bus-filter").toString();
        return HostProcess.all()
                .filter(process -> process.read("cmdline").contains("FilterMain\0" + control))
                .filter(HostProcess::isAlive)
                .toList();
    }

    private static Process service(String address, String name) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        "/usr/bin/python3", SCRIPTS.resolve("service.py").toString(), name)
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("DBUS_SYSTEM_BUS_ADDRESS", address);
        Process process = builder.start();
        try {
            assertThat(process.inputReader(StandardCharsets.UTF_8).readLine()).isEqualTo("ready");
        } catch (UncheckedIOException e) {
            process.destroy();
            throw e;
        }
        return process;
    }
}
