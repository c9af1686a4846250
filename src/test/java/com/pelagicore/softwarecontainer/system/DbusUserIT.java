package com.pelagicore.softwarecontainer.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.pelagicore.softwarecontainer.config.Recovery;
import com.pelagicore.softwarecontainer.system.AgentClient.Execution;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who contained clients are for a real dbus-daemon, which a service on the host asks. */
@SystemTest
final class DbusUserIT {

    private static final String ASK = DbusHost.CALL + "org.example.Echo /org/example/Echo org.example.Echo CallersUser";

    private static DbusHost host;

    @BeforeAll
    static void start(LiveAgent agent) {
        agent.configure("dbus-container-uids", "1-2,60000");
        host = new DbusHost(agent);
    }

    @AfterAll
    static void stop() {
        host.close();
    }

    @Test
    void isTheUserOfEachContainer(AgentClient client) {
        int daemon = granted(client, 1);
        int bin = granted(client, 2);
        int other = client.create();
        client.setCapabilities(other, "dbus.echo");

        assertThat(client.shell(daemon, ASK)).isEqualTo("u 1");
        assertThat(client.shell(bin, ASK)).isEqualTo("u 2");
        assertThat(client.shell(other, ASK)).isEqualTo("u 65534");
        assertThat(client.shell(daemon, ASK)).isEqualTo("u 1");
    }

    @Test
    void refusesUsersThatTheConfigurationDoesNotName(AgentClient client) {
        for (int user : new int[] {3, 65533, 65534}) {
            assertThatThrownBy(() -> client.create(options(user)))
                    .hasMessageEndingWith("user " + user
                            + " for clients on the buses is not among the 'dbus-container-uids' of the configuration");
        }
        assertThatThrownBy(() -> client.create(options(0))).hasMessageContaining("'dbusUid' must be a user id");
    }

    @Test
    void saysWhyTheBusDoesNotTakeAUserThatTheHostDoesNotKnow(AgentClient client, LiveAgent agent) {
        int id = granted(client, 60_000);

        assertThat(client.shell(id, ASK + " >/dev/null 2>&1 || echo failed")).isEqualTo("failed");
        Deadlines.await(() -> agent.log()
                .contains("SC-" + id + ": system bus: connection closed: the host's bus does not admit its user"));
    }

    @Test
    void isTheSameWithAnotherFilterAndWithoutAnAgent(AgentClient client, LiveAgent agent) {
        int id = granted(client, 2);
        host.filter().kill();
        assertThat(client.shell(id, ASK)).isEqualTo("u 2");
        Execution later = client.execute(id, "/bin/sh -c 'until [ -e /tmp/go ]; do :; done; " + ASK + "; echo done'");

        agent.crash();
        Path root = Path.of("/proc", Long.toString(later.pid()), "root/tmp/go");
        assertThat(root.toFile().exists()).isFalse();
        make(root);
        Deadlines.await(() -> later.output().contains("done"));

        assertThat(later.output()).contains("u 2");
        agent.restart(Recovery.DESTROY);
    }

    @Test
    void hasNoOtherUsersInTheFilterAndRootLeastOfAll(AgentClient client) {
        granted(client, 1);

        assertThat(host.filter().read("uid_map").replaceAll("[ \n]+", " ").strip())
                .isEqualTo("65534 65534 1 1 1 2 60000 60000 1");
        assertThat(host.filter().read("gid_map").replaceAll("[ \n]+", " ").strip())
                .isEqualTo("65534 65534 1");
        assertThat(host.filter().read("status"))
                .contains("Uid:\t65534\t65534\t65534\t65534", "NoNewPrivs:\t1")
                // CAP_SETGID and CAP_SETUID, in its namespace
                .contains("CapEff:\t00000000000000c0", "CapBnd:\t00000000000000c0");
    }

    private static void make(Path file) {
        try {
            Files.createFile(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int granted(AgentClient client, int user) {
        int id = client.create(options(user));
        client.setCapabilities(id, "dbus.echo");
        return id;
    }

    private static String options(int user) {
        return "[{\"writeBufferEnabled\": false, \"dbusUid\": " + user + "}]";
    }
}
