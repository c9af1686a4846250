package com.pelagicore.softwarecontainer.system;

import static com.pelagicore.softwarecontainer.system.NetworkScene.DENIED;
import static com.pelagicore.softwarecontainer.system.NetworkScene.WORLD_4;
import static com.pelagicore.softwarecontainer.system.NetworkScene.granted;
import static com.pelagicore.softwarecontainer.system.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Host names in network rules, on a host that has a name server and a hosts file of its own. */
final class NetworkNamesIT {

    private static final String MANIFEST =
            """
            {"capabilities": [
              {"name": "out.moving", "gateways": [{"id": "network", "config": [
                {"direction": "OUTGOING", "allow": [{"host": "moving.example", "ports": 80}]}]}]},
              {"name": "out.listed", "gateways": [{"id": "network", "config": [
                {"direction": "OUTGOING", "allow": [{"host": "listed.example", "ports": 80}]}]}]},
              {"name": "out.nobody", "gateways": [{"id": "network", "config": [
                {"direction": "OUTGOING", "allow": [{"host": "nobody.example"}]}]}]}
            ]}
            """;

    private static final String OTHER = "198.51.100.3";
    private static final String HOST = "198.51.100.1";

    @TempDir
    private static Path directory;

    private static NetworkScene scene;
    private static Process nameServer;

    private AgentClient client;

    @BeforeAll
    static void startServers() throws IOException {
        scene = new NetworkScene(MANIFEST);
        scene.world().shell("ip addr add " + OTHER + "/24 dev eth0");
        scene.serve(scene.world(), 80);
        Files.writeString(directory.resolve("resolv.conf"), "nameserver 127.0.0.1\noptions attempts:1 timeout:1\n");
        Files.writeString(directory.resolve("hosts"), "");
        Files.writeString(directory.resolve("queries"), "");
        moveTo(WORLD_4);
        nameServer = scene.host()
                .start(
                        "/usr/bin/python3",
                        "src/test/python/name_server.py",
                        directory.resolve("zone").toString(),
                        directory.resolve("queries").toString());
        scene.agent().runBy(inOwnFiles());
        scene.agent().configure("name-keep-time", "2");
        scene.start();
    }

    /** The agent sees these files where resolvers look for them. */
    private static List<String> inOwnFiles() {
        List<String> command = new ArrayList<>(scene.host().command("unshare", "--mount", "--propagation", "private"));
        command.addAll(List.of("/bin/sh", "-ec"));
        command.add("for file in resolv.conf hosts; do mount --bind \"$0/$file\" /etc/$file; done; exec \"$@\"");
        command.add(directory.toString());
        return command;
    }

    @AfterAll
    static void stopServers() {
        nameServer.destroy();
        Deadlines.get(nameServer.onExit());
        scene.close();
    }

    @BeforeEach
    void connect() {
        client = scene.agent().connect();
    }

    @AfterEach
    void destroyAll() {
        client.list().forEach(client::destroy);
        client.close();
    }

    @Test
    void followsANameAsSoonAsItsTtlIsOver() {
        moveTo(WORLD_4);
        int id = granted(client, "out.moving");
        assertThat(connect(id, WORLD_4)).isEqualTo(HOST);
        assertThat(connect(id, OTHER)).isEqualTo(DENIED);

        moveTo(OTHER);

        // a TTL of 5 s, and name-refresh-interval is 60
        Deadlines.await(() -> connect(id, OTHER).equals(HOST));
        Deadlines.await(() -> connect(id, WORLD_4).equals(DENIED));
        assertThat(connect(id, OTHER)).isEqualTo(HOST);
    }

    @Test
    void followsTheHostsFileAfterTheInterval() throws IOException {
        refreshEvery("1");
        Files.writeString(directory.resolve("hosts"), WORLD_4 + " listed.example\n");
        int id = granted(client, "out.listed");
        assertThat(connect(id, WORLD_4)).isEqualTo(HOST);

        Files.writeString(directory.resolve("hosts"), OTHER + " listed.example\n");

        Deadlines.await(() -> connect(id, OTHER).equals(HOST));
        Deadlines.await(() -> connect(id, WORLD_4).equals(DENIED));
        refreshEvery("60");
    }

    private void refreshEvery(String seconds) {
        client.close();
        scene.agent().stop();
        scene.agent().configure("name-refresh-interval", seconds);
        scene.agent().start();
        client = scene.agent().connect();
    }

    @Test
    void keepsWhatItKnowsWhileTheNameServerFails() throws IOException {
        moveTo(WORLD_4);
        int id = granted(client, "out.moving");

        answer("fail");

        Deadlines.await(() -> queries().contains("moving.example 1 2"));
        assertThat(connect(id, WORLD_4)).isEqualTo(HOST);
    }

    @Test
    void grantsNothingIfANameHasNoAddress() {
        moveTo(WORLD_4);
        int id = client.create();

        assertRefused(() -> client.setCapabilities(id, "out.moving", "out.nobody"))
                .contains("'nobody.example' has no address");

        assertThat(client.shell(id, "ls /sys/class/net")).isEqualTo("lo");
    }

    private String connect(int id, String address) {
        return NetworkScene.connect(client, id, "tcp", address, 80);
    }

    private static void moveTo(String address) {
        answer("moving.example " + address + " 5");
    }

    /** At once as a whole: the server may read it at any moment. */
    private static void answer(String text) {
        try {
            Files.writeString(directory.resolve("zone.new"), text);
            Files.move(directory.resolve("zone.new"), directory.resolve("zone"), StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String queries() {
        try {
            return Files.readString(directory.resolve("queries"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
