package com.pelagicore.softwarecontainer.system;

import static com.pelagicore.softwarecontainer.system.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.pelagicore.softwarecontainer.config.Recovery;
import com.pelagicore.softwarecontainer.system.AgentClient.Execution;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Users of containers are nobody on the host, and files of the host that they get keep their owners nevertheless. */
@SystemTest
final class UserNamespaceIT {

    /** As configured, for two containers. */
    private static final int FIRST = 1_879_048_192;

    private static final int EACH = 65_536;

    @TempDir
    private Path host;

    private AgentClient client;

    @BeforeEach
    void configure(LiveAgent agent) throws IOException {
        Files.setPosixFilePermissions(host, PosixFilePermissions.fromString("rwxr-xr-x"));
        restart(agent, Map.of("id-range", FIRST + ":" + 2 * EACH, "require-confinement", "userns;idmap"));
        client = agent.connect();
    }

    @AfterEach
    void restore(LiveAgent agent) {
        client.close();
        agent.withoutConfiguration("id-range");
        agent.withoutConfiguration("require-confinement");
        restart(agent, Map.of());
    }

    private static void restart(LiveAgent agent, Map<String, String> configuration) {
        configuration.forEach(agent::configure);
        agent.stop();
        agent.restart(Recovery.DESTROY);
    }

    @Test
    void eachContainerHasUsersOfItsOwn() {
        int first = client.create();
        int second = client.create();

        assertThat(client.shell(first, "id -u; cat /proc/self/uid_map").lines())
                .first()
                .isEqualTo("0");
        assertThat(owner(first)).isEqualTo(FIRST + first * EACH);
        assertThat(owner(second)).isEqualTo(FIRST + second * EACH);
        assertThat(client.shell(first, "stat -c %u / /bin /etc/machine-id /usr/bin /dev/null /dev/pts"))
                .matches("(0\\s*)+");
    }

    /** Of a process that the container's root started. */
    private int owner(int id) {
        return owner(client, id);
    }

    private static int owner(AgentClient client, int id) {
        Execution run = client.execute(id, "/bin/sleep 1000");
        return ownerOf(Path.of("/proc", Integer.toString(run.pid())));
    }

    private static int ownerOf(Path file) {
        try {
            return (int) Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void refusesAContainerForWhichThereAreNoIds() {
        client.create();
        client.create();

        assertRefused(client::create).contains("There are user ids for 2 containers", "'id-range'", "SC-2");
        client.destroy(1);
        assertThat(client.create()).isEqualTo(1);
    }

    @Test
    void filesOfAMountKeepTheirOwners() throws IOException {
        Path ofUser = Files.writeString(host.resolve("of-user"), "");
        Files.setAttribute(ofUser, "unix:uid", 1000);
        Files.writeString(host.resolve("of-root"), "");
        int id = client.create();
        client.bindMount(id, host, "/opt/data", false);

        assertThat(
                        client.shell(
                                id,
                                """
                        cd /opt/data; stat -c %u of-user of-root
                        touch made; mkdir dir; ln -s x link; touch given; chown 1001:1002 given; chown 7 of-root
                        echo x >> of-user
                        """))
                .isEqualToIgnoringNewLines("1000\n0");

        assertThat(ownerOf(host.resolve("made"))).isZero();
        assertThat(ownerOf(host.resolve("dir"))).isZero();
        assertThat(ownerOf(host.resolve("link"))).isZero();
        assertThat(ownerOf(host.resolve("given"))).isEqualTo(1001);
        assertThat(ownerOf(host.resolve("of-root"))).isEqualTo(7);
        assertThat(ofUser).hasContent("x");
    }

    @Test
    void placesForMountsBelongToTheContainer() {
        int id = client.create();
        client.bindMount(id, host, "/opt/a/data", false);

        client.bindMount(id, host, "/opt/a/data/inner/place", true);

        assertThat(client.shell(id, "stat -c %u /opt /opt/a /opt/a/data/inner")).matches("(0\\s*)+");
        assertThat(ownerOf(host.resolve("inner"))).isZero();
        assertThat(client.shell(id, "rm -r /opt/a/data/inner 2>&1 || echo busy"))
                .contains("busy");
    }

    @Test
    void aWriteBufferIsWrittenBackWithTheOwnersOfTheHost() throws IOException {
        Path shared = Files.createDirectory(host.resolve("shared"));
        Programs.run("setfacl", "-m", "u:1000:rwx", shared.toString());
        for (String buffer : new String[] {
            AgentClient.BUFFER, "[{\"writeBufferEnabled\": true, \"temporaryFileSystemWriteBufferEnabled\": true}]"
        }) {
            int id = client.create(buffer);
            client.bindMount(id, host, "/app", false);
            client.shell(
                    id,
                    """
                    cd /app; rm -rf a b; mkdir a; echo x > a/root; echo x > a/user; chown 1000:1001 a/user
                    setfacl -m u:1003:r a/user; touch shared/new; mkfifo b; test $(stat -c %u a/user) = 1000
                    """);

            client.destroy(id);

            assertThat(ownerOf(host.resolve("a"))).isZero();
            assertThat(ownerOf(host.resolve("a/root"))).isZero();
            assertThat(ownerOf(host.resolve("b"))).isZero();
            assertThat(ownerOf(host.resolve("a/user"))).isEqualTo(1000);
            assertThat(Programs.run("getfacl", "-np", host.resolve("a/user").toString()))
                    .contains("user:1003:r--", "# group: 1001");
            assertThat(Programs.run("getfacl", "-np", shared.toString())).contains("user:1000:rwx");
        }
    }

    @Test
    void theNextAgentWritesABufferBackWithTheOwnersOfTheHost(LiveAgent agent) {
        int id = client.create(AgentClient.BUFFER);
        client.bindMount(id, host, "/app", false);
        client.shell(id, "touch /app/user; chown 1000 /app/user");

        agent.crash();
        agent.configure("id-range", FIRST + 10 * EACH + ":" + EACH);
        agent.restart(Recovery.DESTROY);

        assertThat(ownerOf(host.resolve("user"))).isEqualTo(1000);
    }

    @Test
    void anAdoptedContainerKeepsItsUsersAndNoOtherGetsThem(LiveAgent agent) throws IOException {
        int adopted = client.create(AgentClient.BUFFER);
        int last = client.create();
        int user = owner(last);
        Files.writeString(host.resolve("of-root"), "");

        agent.crash();
        agent.configure("id-range", FIRST - EACH + ":" + 4 * EACH);
        agent.restart(Recovery.ADOPT);

        try (AgentClient next = agent.connect()) {
            assertThat(owner(next, last)).isEqualTo(user);
            next.bindMount(adopted, host, "/app", false);
            next.bindMount(last, host, "/opt/data", false);
            assertThat(next.shell(adopted, "stat -c %u /app/of-root; touch /app/user; chown 1000 /app/user"))
                    .isEqualTo("0");
            assertThat(next.shell(last, "stat -c %u /opt/data/of-root; touch /opt/data/made"))
                    .isEqualTo("0");
            next.destroy(adopted);
            assertThat(ownerOf(host.resolve("user"))).isEqualTo(1000);
            assertThat(ownerOf(host.resolve("made"))).isZero();

            // SC-0 is free, with ids below; those of SC-2 by the new range are the ones that SC-1 was made with
            assertThat(next.create()).isZero();
            assertThat(next.create()).isEqualTo(3);
        }
    }

    @Test
    void anAdoptedContainerWithoutUsersOfItsOwnGoesOnWithoutThem(LiveAgent agent) {
        agent.withoutConfiguration("require-confinement");
        restart(agent, Map.of("confinement", "legacy"));
        int id;
        try (AgentClient earlier = agent.connect()) {
            id = earlier.create(AgentClient.BUFFER);
            assertThat(owner(earlier, id)).isZero();
        }

        agent.crash();
        agent.withoutConfiguration("confinement");
        agent.restart(Recovery.ADOPT);

        try (AgentClient next = agent.connect()) {
            next.bindMount(id, host, "/app", false);
            assertThat(next.shell(id, "touch /app/user; chown 1000 /app/user; stat -c %u /app/user /app"))
                    .isEqualToIgnoringNewLines("10000");
            int confined = next.create();
            assertThat(owner(next, confined)).isEqualTo(FIRST + confined * EACH);
            next.destroy(id);
        }
        assertThat(ownerOf(host.resolve("user"))).isEqualTo(1000);
    }

    @Test
    void aProgramCanOpenItsOutputOnceMore() throws IOException {
        int id = client.create();

        assertThat(client.shell(id, "echo more > /dev/stderr")).isEqualTo("more");
        Path output = host.resolve("output");
        Execution run = client.execute(id, "/bin/sh -c 'echo x >> /dev/stdout'", "/", output, Map.of());
        assertThat(run.status()).isZero();
        assertThat(output).hasContent("x");
        assertThat(ownerOf(output)).isZero();
    }

    @Test
    void worksAlsoWhereAToolHandsOutIds(LiveAgent agent) throws IOException {
        // LXC asks it as soon as it finds it, and it refuses root what is not in /etc/subuid
        for (String tool : new String[] {"newuidmap", "newgidmap"}) {
            Path refusing = Files.writeString(host.resolve(tool), "#!/bin/sh\nexit 1\n");
            Files.setAttribute(refusing, "unix:mode", 04755);
        }
        agent.runBy(List.of("/usr/bin/env", "PATH=" + host + ":" + System.getenv("PATH")));
        restart(agent, Map.of());
        agent.runBy(List.of());

        try (AgentClient again = agent.connect()) {
            assertThat(again.shell(again.create(), "id -u")).isEqualTo("0");
        }
    }

    @Test
    void whatCountsForTheUserOfTheHostIsLimitedInEachContainer() {
        int id = client.create();

        assertThat(client.shell(id, "cat /proc/sys/user/max_user_namespaces")).isEqualTo("0");
        assertThat(Integer.parseInt(client.shell(id, "cat /proc/sys/user/max_inotify_instances")))
                .isBetween(1, 1_000_000);
    }
}
