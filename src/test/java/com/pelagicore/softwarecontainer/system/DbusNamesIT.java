package com.pelagicore.softwarecontainer.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.pelagicore.softwarecontainer.system.AgentClient.Execution;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Which names of a real dbus-daemon a contained client sees, and what it gets by cheating with the wire format. */
@SystemTest
final class DbusNamesIT {

    private static final String DENIED = "org.freedesktop.DBus.Error.AccessDenied";
    private static final String NO_OWNER = "org.freedesktop.DBus.Error.NameHasNoOwner";
    private static final String AGENT = AgentClient.NAME;
    private static final String ECHO = "org.example.Echo";

    private static DbusHost host;

    @BeforeAll
    static void start(LiveAgent agent) {
        host = new DbusHost(agent);
    }

    @AfterAll
    static void stop() {
        host.close();
    }

    @Test
    void seesNothingButTheBusWithoutARule(AgentClient client) {
        int id = host.granted(client, "dbus.none");

        assertThat(host.raw(client, id, "see " + names()).lines())
                .containsExactly(
                        "ListNames: ME org.freedesktop.DBus",
                        "ListActivatableNames: org.freedesktop.DBus",
                        ECHO + ": not there " + NO_OWNER,
                        host.ownerOf(ECHO) + ": not there " + NO_OWNER,
                        AGENT + ": not there " + NO_OWNER,
                        host.ownerOf(AGENT) + ": not there " + NO_OWNER,
                        "org.example.Nobody: not there " + NO_OWNER);
    }

    @Test
    void seesWellKnownNamesAndTheirOwnersWithARuleButNotTheAgent(AgentClient client) {
        int id = host.granted(client, "dbus.echo");

        assertThat(host.raw(client, id, "see " + names()).lines())
                .containsExactly(
                        "ListNames: ME " + ECHO + " org.freedesktop.DBus",
                        "ListActivatableNames: org.freedesktop.DBus",
                        ECHO + ": owned by " + host.ownerOf(ECHO),
                        host.ownerOf(ECHO) + ": owned by " + host.ownerOf(ECHO),
                        AGENT + ": not there " + NO_OWNER,
                        host.ownerOf(AGENT) + ": not there " + NO_OWNER,
                        "org.example.Nobody: not there " + NO_OWNER);
    }

    @Test
    void seesTheAgentIfARuleNamesIt(AgentClient client) {
        int id = host.granted(client, "dbus.agent");

        assertThat(host.raw(client, id, "see " + AGENT).lines()).contains(AGENT + ": owned by " + host.ownerOf(AGENT));
    }

    @Test
    void hearsNothingOfTheOwnersOfNamesWithoutARule(AgentClient client) {
        int id = host.granted(client, "dbus.none");
        Execution watching = host.start(client, id, "watch");
        Deadlines.await(() -> watching.output().contains("watching"));

        host.own("org.example.Secret");
        goOn(watching);

        assertThat(watching.status()).isZero();
        assertThat(watching.output()).isEqualTo("watching\n");
        host.disown("org.example.Secret");
    }

    @Test
    void hearsOfTheOwnersOfWellKnownNamesWithARule(AgentClient client) {
        int id = host.granted(client, "dbus.echo");
        Execution watching = host.start(client, id, "watch");
        Deadlines.await(() -> watching.output().contains("watching"));

        host.own("com.pelagicore.SoftwareContainerAgent.Other");
        host.own("org.example.End");
        goOn(watching);

        assertThat(watching.status()).isZero();
        assertThat(watching.output()).isEqualTo("watching\norg.example.End\n");
        host.disown("com.pelagicore.SoftwareContainerAgent.Other");
        host.disown("org.example.End");
    }

    @Test
    void getsNowhereByCheating(AgentClient client) {
        int id = host.granted(client, "dbus.echo");

        assertThat(host.raw(client, id, "cheat_more " + host.ownerOf(ECHO)).lines())
                .containsExactly(
                        "sender forged: passed",
                        "sender forged for a forbidden call: " + DENIED,
                        "serial twice: passed",
                        "serial twice, once without answer: passed",
                        "serial 0: hung up",
                        "all in one write: " + DENIED,
                        "message before the beginning: hung up",
                        "16 descriptors: passed",
                        "17 descriptors: hung up",
                        "by unique name: " + DENIED,
                        "configuration: " + DENIED,
                        "user of another: " + DENIED,
                        "process of another: " + DENIED,
                        "credentials of another: " + DENIED,
                        "credentials of the bus: " + DENIED,
                        "own process on the host: " + DENIED,
                        "own user: passed");
    }

    @Test
    void reachesNobodyWithAnswersThatWereNotAskedFor(AgentClient client) {
        int id = host.granted(client, "dbus.echo");
        try (DbusHost.Program listener = host.run("listen", "Echo")) {
            String name = listener.line();

            host.raw(client, id, "address_unasked " + name + " Echo");

            assertThat(listener.line()).isEqualTo("Echo");
        }
    }

    private static void goOn(Execution watching) {
        try {
            Files.createFile(Path.of("/proc", Long.toString(watching.pid()), "root/tmp/go"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String names() {
        return String.join(" ", ECHO, host.ownerOf(ECHO), AGENT, host.ownerOf(AGENT), "org.example.Nobody");
    }
}
