package com.pelagicore.softwarecontainer.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.pelagicore.softwarecontainer.config.Recovery;
import com.pelagicore.softwarecontainer.system.AgentClient.Execution;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The dbus gateway on real buses: busctl, gdbus and a client that cheats in the container, a service outside. */
@SystemTest
final class DbusIT {

    private static final String ECHO = "org.example.Echo /org/example/Echo org.example.Echo ";
    private static final String CALL = DbusHost.CALL;
    private static final String DENIED = "org.freedesktop.DBus.Error.AccessDenied";

    private static DbusHost host;

    @BeforeAll
    static void start(LiveAgent agent) {
        // of whom the filter runs as: the agent has the last word on who may call it
        agent.configure("access-group", "65534");
        host = new DbusHost(agent);
    }

    @AfterAll
    static void stop() {
        host.close();
    }

    @Test
    void reachesTheBusItselfWithoutAnyRule(AgentClient client) {
        int id = host.granted(client, "dbus.none");

        assertThat(client.shell(id, CALL + "org.freedesktop.DBus / org.freedesktop.DBus GetId"))
                .startsWith("s ");
        assertThat(client.shell(id, CALL + ECHO + "Echo s hello 2>&1 || true")).containsIgnoringCase("denied");
    }

    @Test
    void passesWhatARuleAllowsAndNothingElse(AgentClient client, LiveAgent agent) {
        int id = host.granted(client, "dbus.echo");

        assertThat(client.shell(id, CALL + ECHO + "Echo s hello")).isEqualTo("s \"hello\"");
        assertThat(client.shell(id, CALL + ECHO + "Secret s hello 2>&1 || true"))
                .isEqualTo("Call failed: Access denied");
        assertThat(agent.log()).contains("SC-" + id + ": system bus: denied outgoing call org.example.Echo.Secret");
    }

    @Test
    void isNotRootOnTheHostsBus(AgentClient client) {
        int id = host.granted(client, "dbus.echo");

        assertThat(client.shell(id, CALL + ECHO + "CallersUser")).isEqualTo("u 65534");
    }

    @Test
    void passesLargeMessagesInBothDirections(AgentClient client) {
        int id = host.granted(client, "dbus.echo");

        assertThat(client.shell(
                        id, "busctl --address=$DBUS_SYSTEM_BUS_ADDRESS call -q " + ECHO + "Zeros i 4000000; echo $?"))
                .isEqualTo("0");
        assertThat(host.raw(client, id, "send_large")).isEqualTo("3000000");
    }

    @Test
    void servesGdbusOnTheSessionBus(AgentClient client, LiveAgent agent) {
        try (DbusHost.Program service = DbusHost.service(agent.sessionBus(), "org.example.Session")) {
            assertThat(service.process().isAlive()).isTrue();
            int id = host.granted(client, "dbus.all");

            assertThat(client.shell(
                            id,
                            "gdbus call --session -d org.example.Session -o /org/example/Echo"
                                    + " -m org.example.Echo.Echo hello"))
                    .isEqualTo("('hello',)");
        }
    }

    @Test
    void widensTheRulesOfClientsThatAreConnected(AgentClient client) {
        int id = host.granted(client, "dbus.echo");
        Execution waiting = host.start(client, id, "call_until_denied_no_more");
        Deadlines.await(() -> waiting.output().contains("waiting"));

        client.setCapabilities(id, "dbus.secret");

        assertThat(waiting.status()).isZero();
        assertThat(waiting.output()).contains("granted");
    }

    @Test
    void letsTheHostCallAServiceInTheContainerIfARuleAllowsIt(AgentClient client, LiveAgent agent) {
        int id = host.granted(client, "dbus.none");
        Execution inside = host.startScript(client, id, "service.py org.example.Inside");
        Deadlines.await(() -> inside.output().contains("ready"));

        String before = callInside(agent);
        client.setCapabilities(id, "dbus.serve");

        assertThat(before).isEqualTo("Call failed: Access denied\n");
        assertThat(callInside(agent)).isEqualTo("s \"hello\"\n");
    }

    @Test
    void passesDescriptorsToTheHostAndBack(AgentClient client) {
        int id = host.granted(client, "dbus.echo");

        assertThat(host.raw(client, id, "pass_descriptor")).isEqualTo("through the pipe");
        assertThat(host.raw(client, id, "take_descriptor")).isEqualTo("from the host");
    }

    @Test
    void passesDescriptorsOfCallsFromTheHost(AgentClient client) {
        int id = host.granted(client, "dbus.serve");
        Execution inside = host.startScript(client, id, "service.py org.example.Inside");
        Deadlines.await(() -> inside.output().contains("ready"));

        try (DbusHost.Program caller = host.run("pass_descriptor", "org.example.Inside")) {
            assertThat(caller.line()).isEqualTo("through the pipe");
        }
    }

    @Test
    void letsSignalsOfTheHostInByRuleOnly(AgentClient client) {
        int hearing = host.granted(client, "dbus.hear");
        int deaf = host.granted(client, "dbus.none");
        Execution heard = host.start(client, hearing, "listen End");
        Execution unheard = host.start(client, deaf, "listen Hello");
        Deadlines.await(() -> heard.output().contains(":") && unheard.output().contains(":"));

        try (DbusHost.Program speaker = host.run("emit", "Whispered", "Said", "Whispered", "End")) {
            assertThat(speaker.line()).isEqualTo("null");
        }

        assertThat(heard.status()).isZero();
        assertThat(heard.output().lines().skip(1)).containsExactly("Said", "End");
        assertThat(unheard.output().lines().skip(1)).isEmpty();
    }

    @Test
    void writesNoMoreThanTenLinesOfDeniedCalls(AgentClient client, LiveAgent agent) {
        int id = host.granted(client, "dbus.echo");
        int before = deniedLines(agent);

        assertThat(host.raw(client, id, "deny 300")).isEqualTo("denied");

        // a window of ten seconds may end in between
        assertThat(deniedLines(agent) - before).isBetween(10, 20);
    }

    @Test
    void doesNotLetARawClientCheat(AgentClient client, LiveAgent agent) {
        int id = host.granted(client, "dbus.echo");

        assertThat(host.raw(client, id, "cheat " + host.ownerOf(AgentClient.NAME))
                        .lines())
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
        int id = host.granted(client, "dbus.all");

        assertThat(host.raw(client, id, "cheat " + host.ownerOf(AgentClient.NAME))
                        .lines())
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
        int id = host.granted(client, "dbus.agent");
        String agent = AgentClient.NAME + " " + AgentClient.PATH + " " + AgentClient.NAME;

        assertThat(client.shell(id, CALL + agent + " List")).startsWith("ai ");
        assertThat(client.shell(id, CALL + agent + " Destroy i 0 2>&1 || true")).containsIgnoringCase("denied");
    }

    @Test
    void hangsUpOnWhoBreaksTheProtocolAndOnNobodyElse(AgentClient client) {
        int id = host.granted(client, "dbus.echo");

        assertThat(host.raw(client, id, "break_protocol").lines())
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
        assertThat(host.raw(client, host.granted(client, "dbus.none"), "open_many 40"))
                .isEqualTo("32");
    }

    @Test
    void isStartedAnewIfItDiesAndClientsReconnect(AgentClient client, LiveAgent agent) {
        int id = host.granted(client, "dbus.echo");
        Execution calling = host.start(client, id, "call_for_ever");
        Deadlines.await(() -> calling.output().contains("."));
        HostProcess before = host.filter();

        before.kill();

        Deadlines.await(() -> calling.output().contains("reconnects\n."));
        assertThat(host.filter()).isNotEqualTo(before);
        assertThat(client.shell(id, CALL + ECHO + "Secret s hello 2>&1 || true"))
                .containsIgnoringCase("denied");
    }

    @Test
    void outlivesTheAgentAndEndsWithoutIt(AgentClient client, LiveAgent agent) {
        int id = host.granted(client, "dbus.echo");
        Execution calling = host.start(client, id, "call_for_ever");
        Deadlines.await(() -> calling.output().contains("."));
        HostProcess filter = host.filter();

        agent.crash();
        int soFar = calling.output().length();
        Deadlines.await(() -> calling.output().length() > soFar + 100);

        assertThat(calling.output()).doesNotContain("reconnects");
        agent.restart(Recovery.DESTROY);
        assertThat(host.filter()).isEqualTo(filter);
        agent.stop();
        filter.awaitEnd();
        agent.start();
        host.startTheFilter();
    }

    @Test
    void runsWithoutPrivileges(AgentClient client, LiveAgent agent) {
        host.granted(client, "dbus.none");

        assertThat(host.filter().read("status"))
                .contains("Uid:\t65534\t65534\t65534\t65534", "Gid:\t65534\t65534\t65534\t65534")
                .containsPattern("Groups:\\s*\n")
                .contains("CapPrm:\t0000000000000000", "CapEff:\t0000000000000000", "NoNewPrivs:\t1");
    }

    private static int deniedLines(LiveAgent agent) {
        return agent.log().split("denied outgoing", -1).length - 1;
    }

    private static String callInside(LiveAgent agent) {
        return Programs.run(
                "/bin/sh",
                "-c",
                "busctl --address=" + agent.bus().address()
                        + " call org.example.Inside /org/example/Echo org.example.Echo Echo s hello 2>&1 || true");
    }
}
