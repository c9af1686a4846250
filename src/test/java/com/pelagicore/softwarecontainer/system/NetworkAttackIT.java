package com.pelagicore.softwarecontainer.system;

import static com.pelagicore.softwarecontainer.system.NetworkScene.DENIED;
import static com.pelagicore.softwarecontainer.system.NetworkScene.HOST_4;
import static com.pelagicore.softwarecontainer.system.NetworkScene.WORLD_4;
import static com.pelagicore.softwarecontainer.system.NetworkScene.address4;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Attack A17 of docs/security.md: what root in a container does about its network, on the host of {@link NetworkGatewayIT}. */
final class NetworkAttackIT {

    private static final String MANIFEST =
            """
            {"capabilities": [
              {"name": "out.80", "gateways": [{"id": "network", "config": [
                {"direction": "OUTGOING", "allow": [{"host": "198.51.100.2", "ports": 80, "protocols": "tcp"}]}]}]},
              {"name": "out.all", "gateways": [{"id": "network", "config": [
                {"direction": "OUTGOING", "allow": [{"host": "*"}]}]}]},
              {"name": "in.7000", "gateways": [{"id": "network", "config": [
                {"direction": "INCOMING", "allow": [{"host": "", "ports": 7000}]}]}]}
            ]}
            """;

    private static NetworkScene scene;
    private static TestNetwork world;

    private AgentClient client;
    private String networkBefore;

    @BeforeAll
    static void startAgent() {
        scene = new NetworkScene(MANIFEST).start();
        world = scene.world();
    }

    @AfterAll
    static void stopAgent() {
        scene.close();
    }

    @BeforeEach
    void connect() {
        client = scene.agent().connect();
        networkBefore = scene.network();
    }

    @AfterEach
    void destroyAll() {
        scene.clear(client);
        client.close();
        assertThat(scene.network()).isEqualTo(networkBefore);
    }

    @Test
    void holdsAgainstRootInTheContainer() {
        int id = NetworkScene.grantedLegacy(client, "out.80");
        int neighbour = granted("out.all", "in.7000");
        serveIn(neighbour, 7000);
        serve(world, 80, 81);
        client.shell(neighbour, Peers.ping(HOST_4));

        client.shell(id, "PATH=$PATH:/usr/sbin; nft flush ruleset; iptables -F; iptables -P OUTPUT ACCEPT; true");
        assertThat(connect(id, "tcp", WORLD_4, 81)).isEqualTo(DENIED);

        client.shell(id, "busybox ip address add 10.0.3.200/24 dev eth0");
        assertThat(connect(id, "tcp", address4(neighbour), 7000)).isEqualTo(DENIED);

        client.shell(id, "busybox ip address del 10.0.3.200/24 dev eth0; busybox ip route add 10.0.3.0/24 dev eth0");
        assertThat(connect(id, "tcp", address4(neighbour), 7000)).isEqualTo(DENIED);
        assertThat(connect(id, "tcp", WORLD_4, 80)).isEqualTo("198.51.100.1");
    }

    @Test
    void aConfinedContainerCannotEvenTry() {
        int id = granted("out.80");

        assertThat(client.shell(id, "busybox ip address add 10.0.3.200/24 dev eth0 2>&1 || true"))
                .contains("Operation not permitted");
        assertThat(client.shell(id, "busybox ip link set eth0 down 2>&1 || true"))
                .contains("Operation not permitted");
    }

    @Test
    void dropsWhatHasTheAddressOfSomebodyElse() {
        int id = NetworkScene.grantedLegacy(client, "out.80");
        int other = granted("out.all");
        serve(world, 80, 81);
        assertThat(connect(other, "tcp", WORLD_4, 81)).isEqualTo("198.51.100.1");

        client.shell(
                id,
                "busybox ip address flush dev eth0; busybox ip address add " + address4(other)
                        + "/24 dev eth0; busybox ip route add default via " + HOST_4);
        assertThat(connect(id, "tcp", WORLD_4, 81)).isEqualTo(DENIED);
        assertThat(connect(id, "tcp", WORLD_4, 80)).isEqualTo(DENIED);

        assertThat(connect(other, "tcp", WORLD_4, 81)).isEqualTo("198.51.100.1");
    }

    @Test
    void dropsWhatHasAnotherHardwareAddress() {
        int id = NetworkScene.grantedLegacy(client, "out.80");
        serve(world, 80);

        client.shell(
                id,
                "busybox ip link set eth0 down; busybox ip link set eth0 address 02:00:00:00:00:01;"
                        + " busybox ip link set eth0 up; busybox ip route add " + HOST_4 + " dev eth0;"
                        + " busybox ip route add default via " + HOST_4);

        assertThat(connect(id, "tcp", WORLD_4, 80)).isEqualTo(DENIED);
    }

    @Test
    void leavesNothingToTheNextContainerWithTheSameAddress() {
        int first = granted("out.all");
        serve(world, 81);
        String send = "/usr/bin/python3 -c "
                + AgentClient.quote("import socket; s=socket.socket(socket.AF_INET,"
                        + " socket.SOCK_DGRAM); s.settimeout(0.7); s.bind(('', 5555)); s.sendto(b'x', ('" + WORLD_4
                        + "', 81)); print(s.recv(100))")
                + " 2>/dev/null || echo denied";
        assertThat(client.shell(first, send)).contains("198.51.100.1");
        client.destroy(first);

        int second = granted("out.80");

        assertThat(second).isEqualTo(first);
        assertThat(client.shell(second, send)).isEqualTo(DENIED);
    }

    private int granted(String... capabilities) {
        return NetworkScene.granted(client, capabilities);
    }

    private String connect(int id, String protocol, String address, int port) {
        return NetworkScene.connect(client, id, protocol, address, port);
    }

    private static void serve(TestNetwork where, int... ports) {
        scene.serve(where, ports);
    }

    private void serveIn(int id, int port) {
        NetworkScene.serveIn(client, id, port);
    }
}
