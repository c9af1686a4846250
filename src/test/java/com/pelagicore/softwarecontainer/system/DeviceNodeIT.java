package com.pelagicore.softwarecontainer.system;

import static com.pelagicore.softwarecontainer.system.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Devices in a container: those that are granted, and no others. */
@SystemTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DeviceNodeIT {

    /** By the device controller, or before that because the node of the host is not the container's. */
    private static final String REFUSED = "Operation not permitted|Permission denied";

    private static final Path TUN = Path.of("/dev/net/tun");
    private static final String STAT_TUN = "stat -c '%F %t:%T %a %u:%g' /dev/net/tun";
    private static final String OPEN = "(exec 3<>%s) 2>&1 && echo opened || true";

    private LoopDevice loop;

    /** A name that is the test's own: a link to the loop device. */
    private Path name;

    @BeforeAll
    void writeManifest(LiveAgent agent) throws IOException {
        loop = LoopDevice.plug();
        name = Files.createSymbolicLink(agent.directory().resolve("device"), loop.path());
        Files.writeString(
                agent.manifests().resolve("devices.json"),
                """
                {"capabilities": [
                  {"name": "dev.tun", "gateways": [{"id": "devicenode", "config": [{"name": "/dev/net/tun"}]}]},
                  {"name": "dev.tun.read", "gateways": [
                    {"id": "devicenode", "config": [{"name": "/dev/net/tun", "mode": "0444"}]}]},
                  {"name": "dev.tun.write", "gateways": [
                    {"id": "devicenode", "config": [{"name": "/dev/net/tun", "mode": 222}]}]},
                  {"name": "dev.loop", "gateways": [
                    {"id": "devicenode", "config": [{"name": "%1$s"}, {"name": "%2$s", "mode": 640}]}]},
                  {"name": "dev.missing", "gateways": [
                    {"id": "devicenode", "config": [{"name": "/dev/net/tun"}, {"name": "/dev/no/such"}]}]},
                  {"name": "dev.file", "gateways": [{"id": "devicenode", "config": [{"name": "/etc/passwd"}]}]},
                  {"name": "dev.bad", "gateways": [
                    {"id": "devicenode", "config": [{"name": "/dev/net/tun", "mode": "rw"}]}]}
                ]}
                """
                        .formatted(name, loop.path()));
        agent.stop();
        agent.start();
    }

    @BeforeEach
    void plugAgain() throws IOException {
        loop.close();
        loop.plugAgain();
        Files.deleteIfExists(name);
        Files.createSymbolicLink(name, loop.path());
    }

    @AfterAll
    void unplug() {
        loop.close();
    }

    @Test
    void hasTheStandardDevicesAndNoOthers(LiveAgent agent) {
        try (AgentClient client = agent.connect()) {
            assertHasTheStandardDevicesAndNoOthers(client);
        }
    }

    @Test
    void hasTheStandardDevicesAndNoOthersOnUnifiedCgroups(LiveAgent agent) {
        agent.stop();
        agent.startOnUnifiedCgroups();
        try (AgentClient client = agent.connect()) {
            assertHasTheStandardDevicesAndNoOthers(client);
        } finally {
            agent.stop();
        }
    }

    /** Also root in the container may not make nodes, nor use one that somebody let in. */
    private static void assertHasTheStandardDevicesAndNoOthers(AgentClient client) {
        int id = client.create();
        client.bindMount(id, TUN, "/opt/tun", false);
        client.bindMount(id, Path.of("/dev/kmsg"), "/opt/kmsg", false);

        for (String standard : new String[] {"null", "zero", "full", "random", "urandom", "ptmx"}) {
            assertThat(client.shell(id, OPEN.formatted("/dev/" + standard)))
                    .as(standard)
                    .isEqualTo("opened");
        }
        assertThat(client.shell(id, "head -c 4 /dev/zero | wc -c")).isEqualTo("4");
        assertThat(client.shell(id, OPEN.formatted("/opt/tun"))).containsPattern(REFUSED);
        assertThat(client.shell(id, OPEN.formatted("/opt/kmsg"))).containsPattern(REFUSED);
        assertThat(client.shell(id, "mknod /tmp/disk b 8 0 2>&1 || true")).contains("Operation not permitted");
        assertThat(client.shell(id, "mknod /dev/mem c 1 1 2>&1 || true")).contains("Operation not permitted");
    }

    @Test
    void givesADeviceAsItIsOnTheHost(LiveAgent agent) {
        try (AgentClient client = agent.connect()) {
            assertGivesADeviceAsItIsOnTheHost(client);
        }
    }

    @Test
    void givesADeviceAsItIsOnTheHostOnUnifiedCgroups(LiveAgent agent) {
        agent.stop();
        agent.startOnUnifiedCgroups();
        try (AgentClient client = agent.connect()) {
            assertGivesADeviceAsItIsOnTheHost(client);
        } finally {
            agent.stop();
        }
    }

    private static void assertGivesADeviceAsItIsOnTheHost(AgentClient client) {
        String onHost = Programs.run("/bin/sh", "-c", STAT_TUN).strip();
        int id = client.create();
        int other = client.create();

        client.setCapabilities(id, "dev.tun");

        assertThat(client.shell(id, STAT_TUN)).isEqualTo(onHost);
        assertThat(client.shell(id, OPEN.formatted(TUN))).isEqualTo("opened");
        assertThat(client.shell(id, OPEN.formatted("/dev/null"))).isEqualTo("opened");
        assertThat(client.shell(other, "ls /dev/net 2>&1 || true")).contains("No such file");
        client.destroy(id);
        client.destroy(other);
    }

    @Test
    void unitesTheModesOfALiveGrantAndLeavesTheHostsNodeAlone(LiveAgent agent) {
        String onHost = Programs.run("/bin/sh", "-c", STAT_TUN).strip();
        try (AgentClient client = agent.connect()) {
            int id = client.create();
            client.setCapabilities(id, "dev.tun.read");
            assertThat(client.shell(id, "stat -c %a /dev/net/tun")).isEqualTo("444");

            client.setCapabilities(id, "dev.tun.write");

            assertThat(client.shell(id, "stat -c %a /dev/net/tun")).isEqualTo("666");
            assertThat(Programs.run("/bin/sh", "-c", STAT_TUN).strip()).isEqualTo(onHost);
        }
    }

    @Test
    void refusesWhatIsNoDeviceOfTheHostAndChangesNothing(LiveAgent agent) {
        try (AgentClient client = agent.connect()) {
            int id = client.create();

            assertRefused(() -> client.setCapabilities(id, "dev.missing")).contains("/dev/no/such", "does not exist");
            assertRefused(() -> client.setCapabilities(id, "dev.file")).contains("/etc/passwd", "not a device");
            assertRefused(() -> client.setCapabilities(id, "dev.bad")).contains("devicenode", "'mode'", "octal");

            assertThat(client.shell(id, "ls /dev/net 2>&1 || true")).contains("No such file");
        }
    }

    @Test
    void makesNoNodeInADirectoryOfTheHost(LiveAgent agent) {
        try (AgentClient client = agent.connect()) {
            int id = client.create();
            client.bindMount(id, agent.data(), "/dev/net", false);

            assertRefused(() -> client.setCapabilities(id, "dev.tun"))
                    .contains("/dev/net/tun", "directory of the host");

            assertThat(agent.data().resolve("tun")).doesNotExist();
        }
    }

    @Test
    void doesNotFollowALinkThatTheContainerMade(LiveAgent agent) {
        try (AgentClient client = agent.connect()) {
            int id = client.create();
            client.shell(id, "ln -s /tmp/elsewhere /dev/net; mkdir /tmp/elsewhere; ln -s /dev/null /tmp/elsewhere/tun");

            assertRefused(() -> client.setCapabilities(id, "dev.tun")).contains("/dev/net/tun");
        }
    }

    @Test
    void takesADeviceAwayThatWentAndGivesItAgainWithItsNewNumber(LiveAgent agent) throws IOException {
        try (AgentClient client = agent.connect();
                LoopDevice second = LoopDevice.plug()) {
            int id = client.create();
            client.setCapabilities(id, "dev.loop");
            assertThat(client.shell(id, "stat -c %t:%T " + name)).isEqualTo(loop.numbers());
            assertThat(client.shell(id, "stat -c %a " + loop.path())).isEqualTo("640");
            assertThat(client.shell(id, OPEN.formatted(name))).isEqualTo("opened");

            loop.unplug();
            Deadlines.await(() -> client.shell(id, "ls " + name + " " + loop.path() + " 2>/dev/null || true")
                    .isEmpty());

            Files.delete(name);
            Files.createSymbolicLink(name, second.path());
            second.announceChange();
            Deadlines.await(() -> client.shell(id, "stat -c %t:%T " + name + " 2>/dev/null || true")
                    .equals(second.numbers()));
            assertThat(client.shell(id, OPEN.formatted(name))).isEqualTo("opened");

            loop.plugAgain();
            Deadlines.await(() -> client.shell(id, "stat -c %t:%T " + loop.path() + " 2>/dev/null || true")
                    .equals(loop.numbers()));
            assertThat(client.shell(id, OPEN.formatted(loop.path()))).isEqualTo("opened");
        }
    }

    @Test
    void mayNotUseADeviceThatWasTakenAway(LiveAgent agent) {
        try (AgentClient client = agent.connect()) {
            int id = client.create();
            client.setCapabilities(id, "dev.loop");
            client.shell(id, "ln " + name + " " + name + ".kept");
            assertThat(client.shell(id, OPEN.formatted(name + ".kept"))).isEqualTo("opened");

            loop.unplug();
            Deadlines.await(
                    () -> client.shell(id, OPEN.formatted(name + ".kept")).contains("Operation not permitted"));
        }
    }

    @Test
    void followsTheOwnerAndPermissionsThatUdevSetsLater(LiveAgent agent) {
        try (AgentClient client = agent.connect()) {
            int id = client.create();
            client.setCapabilities(id, "dev.loop");

            loop.changePermissions("rw-rw-r--");
            loop.announceChange();

            Deadlines.await(() -> client.shell(id, "stat -c %a " + name).equals("664"));
            assertThat(client.shell(id, "stat -c %a " + loop.path())).isEqualTo("640");
        }
    }
}
