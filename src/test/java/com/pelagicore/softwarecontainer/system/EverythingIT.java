package com.pelagicore.softwarecontainer.system;

import static com.pelagicore.softwarecontainer.system.NetworkScene.DENIED;
import static com.pelagicore.softwarecontainer.system.NetworkScene.WORLD_4;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All eight gateways at once, granted and extended, again and again; docs/performance.md tells how to run more rounds. */
final class EverythingIT {

    private static final int ROUNDS = Integer.getInteger("everything.rounds", 20);
    private static final int WARM_UP = 3;

    private static final String MANIFEST =
            """
            {"capabilities": [
              {"name": "everything", "gateways": [
                {"id": "env", "config": [{"name": "EVERYTHING", "value": "one"}]},
                {"id": "file", "config": [{"path-host": "%1$s", "path-container": "/opt/one"}]},
                {"id": "network", "config": [{"direction": "OUTGOING", "allow": [
                  {"host": "198.51.100.2", "ports": 80, "protocols": "tcp"}, {"host": "localhost", "ports": 1}]}]},
                {"id": "dbus", "config": [{"dbus-gateway-config-session": [], "dbus-gateway-config-system": [
                  {"direction": "outgoing", "interface": "com.pelagicore.SoftwareContainerAgent", "object-path": "*",
                   "method": "List"}]}]},
                {"id": "devicenode", "config": [{"name": "/dev/net/tun", "mode": "0600"}]},
                {"id": "cgroups", "config": [{"setting": "pids.max", "value": "100"}]},
                {"id": "pulseaudio", "config": [{"audio": true}]},
                {"id": "wayland", "config": [{"enabled": false}]}]},
              {"name": "more", "gateways": [
                {"id": "env", "config": [{"name": "EVERYTHING", "value": "two", "mode": "append", "separator": "+"}]},
                {"id": "file", "config": [{"path-host": "%1$s", "path-container": "/opt/two", "read-only": false}]},
                {"id": "network", "config": [{"direction": "OUTGOING", "allow": [
                  {"host": "198.51.100.2", "ports": 81, "protocols": "tcp"}]}]},
                {"id": "dbus", "config": [{"dbus-gateway-config-system": [
                  {"direction": "outgoing", "interface": "com.pelagicore.SoftwareContainerAgent", "object-path": "*",
                   "method": "ListCapabilities"}]}]},
                {"id": "devicenode", "config": [{"name": "/dev/net/tun", "mode": "0666"}, {"name": "/dev/fuse"}]},
                {"id": "cgroups", "config": [{"setting": "pids.max", "value": "200"}]},
                {"id": "pulseaudio", "config": [{"audio": false}]},
                {"id": "wayland", "config": [{"enabled": true}]}]}
            ]}
            """;

    private static final String CALL = "busctl --address=$DBUS_SYSTEM_BUS_ADDRESS call " + AgentClient.NAME + " "
            + AgentClient.PATH + " " + AgentClient.NAME + " ";

    private static final String FIRST =
            "set -e; test $EVERYTHING = one; test -e /opt/one/file; test -e /sys/class/net/eth0;"
                    + CALL + "List >/dev/null; ! " + CALL + "ListCapabilities 2>/dev/null;"
                    + " test $(stat -c %a /dev/net/tun) = 600; test -S /gateways/pulse_socket; test -z \"$WAYLAND_DISPLAY\"";

    private static final String EXTENDED = "set -e; test $EVERYTHING = one+two; touch /opt/two/file;" + CALL
            + "ListCapabilities >/dev/null; test $(stat -c %a /dev/net/tun) = 666; test -c /dev/fuse;"
            + " test -S /gateways/pulse_socket; test -S $XDG_RUNTIME_DIR/$WAYLAND_DISPLAY";

    @TempDir
    private Path directory;

    private NetworkScene scene;
    private SoundServer sound;
    private WaylandCompositor screen;

    @BeforeEach
    void startServers() throws IOException {
        Path data = Files.createDirectory(directory.resolve("data"));
        Files.createFile(data.resolve("file"));
        scene = new NetworkScene(MANIFEST.formatted(data));
        sound = new SoundServer(Files.createDirectory(directory.resolve("sound")));
        screen = new WaylandCompositor(Files.createDirectory(directory.resolve("screen")));
        scene.agent().configure("pulse-socket", sound.socket().toString());
        scene.agent().configure("wayland-socket", screen.socket().toString());
        // contained clients are nobody on the bus of the host
        scene.agent().configure("access-group", "nogroup");
        scene.start();
        scene.serve(scene.world(), 80, 81);
    }

    @AfterEach
    void stopServers() {
        screen.close();
        sound.close();
        scene.close();
    }

    @Test
    void leavesTheHostAsItWasHoweverOften() {
        try (AgentClient client = scene.agent().connect()) {
            rounds(client, WARM_UP);
            HostSnapshot before = HostSnapshot.take(scene.agent().directory().resolve("state"));
            String network = scene.network();
            HostProcess agent = new HostProcess(scene.agent().pid());
            int descriptors = agent.descriptors().size();
            int threads = agent.threads().size();
            print("after " + WARM_UP + " rounds", agent);

            rounds(client, ROUNDS);

            print("after " + ROUNDS + " more", agent);
            before.assertRestored();
            assertThat(scene.network()).isEqualTo(network);
            // a pool may have one thread more or less at any moment, not one for each container
            assertThat(agent.threads().size()).isLessThanOrEqualTo(threads + 3);
            assertThat(agent.descriptors().size()).isLessThanOrEqualTo(descriptors + 3);
            scene.clear(client);
        }
    }

    private void rounds(AgentClient client, int count) {
        for (int i = 0; i < count; i++) {
            int id = client.create(i % 2 == 0 ? AgentClient.NO_BUFFER : AgentClient.BUFFER);
            client.setCapabilities(id, "everything");
            client.shell(id, FIRST);
            client.setCapabilities(id, "more");
            client.shell(id, EXTENDED);
            if (i == 0 || i == count - 1) {
                assertThat(NetworkScene.connect(client, id, "tcp", WORLD_4, 81)).isEqualTo("198.51.100.1");
                assertThat(NetworkScene.connect(client, id, "tcp", WORLD_4, 82)).isEqualTo(DENIED);
                assertThat(limit(id)).isEqualTo("200");
            }
            client.destroy(id);
        }
    }

    /** LXC's command socket is in the agent's network namespace. */
    private String limit(int id) {
        return scene.host().shell("lxc-cgroup -P " + scene.agent().lxcPath() + " -n SC-" + id + " pids.max");
    }

    private static void print(String when, HostProcess agent) {
        System.out.println("everything, " + when + ": " + agent.descriptors().size() + " descriptors, "
                + agent.threads().size() + " threads, "
                + Programs.run("cat", "/proc/self/mountinfo").lines().count() + " mounts, PSS "
                + agent.proportionalMemory() / 1024 + " MB");
    }
}
