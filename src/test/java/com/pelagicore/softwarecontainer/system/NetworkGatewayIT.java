package com.pelagicore.softwarecontainer.system;

import static com.pelagicore.softwarecontainer.system.NetworkScene.DENIED;
import static com.pelagicore.softwarecontainer.system.NetworkScene.HOST_4;
import static com.pelagicore.softwarecontainer.system.NetworkScene.WORLD_4;
import static com.pelagicore.softwarecontainer.system.NetworkScene.WORLD_6;
import static com.pelagicore.softwarecontainer.system.NetworkScene.address4;
import static com.pelagicore.softwarecontainer.system.NetworkScene.connectFrom;
import static com.pelagicore.softwarecontainer.system.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The network gateway on a host of its own: the agent runs in a network namespace, behind which is another one, the
 * world. Bridged frames pass the host's iptables, as with br_netfilter.
 */
final class NetworkGatewayIT {

    private static final String MANIFEST =
            """
            {"capabilities": [
              {"name": "out.80", "gateways": [{"id": "network", "config": [
                {"direction": "OUTGOING", "allow": [
                  {"host": "198.51.100.2", "ports": 80, "protocols": "tcp"},
                  {"host": "2001:db8::/32", "ports": "80,90-99", "protocols": ["udp", "tcp"]}]}]}]},
              {"name": "out.all", "gateways": [{"id": "network", "config": [
                {"direction": "OUTGOING", "allow": [{"host": "*"}]}]}]},
              {"name": "in.7000", "gateways": [{"id": "network", "config": [
                {"direction": "INCOMING", "allow": [{"host": "", "ports": [7000, "7002"]}]}]}]},
              {"name": "in.ping", "gateways": [{"id": "network", "config": [
                {"direction": "INCOMING", "allow": [{"host": "10.0.3.0/24", "protocols": "icmp"}]}]}]},
              {"name": "nothing", "gateways": [{"id": "network", "config": [
                {"direction": "OUTGOING", "allow": []}]}]},
              {"name": "out.local", "gateways": [{"id": "network", "config": [
                {"direction": "OUTGOING", "allow": [{"host": "localhost", "ports": 80}]}]}]},
              {"name": "bad", "gateways": [{"id": "network", "config": [
                {"direction": "OUTGOING", "allow": [{"host": "1.1.1.1; touch /x"}]}]}]}
            ]}
            """;

    private static NetworkScene scene;
    private static TestNetwork host;
    private static TestNetwork world;

    private AgentClient client;
    private String networkBefore;

    @BeforeAll
    static void startAgent() {
        scene = new NetworkScene(MANIFEST).start();
        host = scene.host();
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
    void givesOnlyLoopbackWithoutACapability() {
        int id = client.create();

        assertThat(client.shell(id, "ls /sys/class/net")).isEqualTo("lo");
        assertThat(client.shell(id, Peers.ping("127.0.0.1"))).isEqualTo("answered");
    }

    @Test
    void givesOnlyLoopbackIfNothingIsAllowed() {
        assertThat(client.shell(granted("nothing"), "ls /sys/class/net")).isEqualTo("lo");
    }

    @Test
    void givesAnAddressOfEachFamilyAndADefaultRoute() {
        int id = granted("out.80");

        assertThat(client.shell(id, "busybox ip -4 address show eth0"))
                .contains("inet 10.0.3." + (id + 2) + "/24 brd 10.0.3.255");
        assertThat(client.shell(id, "busybox ip -6 address show eth0")).contains("inet6 fd");
        assertThat(client.shell(id, "busybox ip route")).contains("default via " + HOST_4);
        assertThat(client.shell(id, "busybox ip -6 route")).contains("default via fd");
    }

    @Test
    void letsOutWhatIsAllowedAndNothingElse() {
        int id = granted("out.80");
        serve(world, 80, 81, 95);

        assertThat(connect(id, "tcp", WORLD_4, 80)).isEqualTo("198.51.100.1");
        assertThat(connect(id, "udp", WORLD_4, 80)).isEqualTo(DENIED);
        assertThat(connect(id, "tcp", WORLD_4, 81)).isEqualTo(DENIED);
        assertThat(connect(id, "tcp", WORLD_6, 80)).isEqualTo("2001:db8::1");
        assertThat(connect(id, "udp", WORLD_6, 95)).isEqualTo("2001:db8::1");
        assertThat(connect(id, "tcp", WORLD_6, 81)).isEqualTo(DENIED);
        assertThat(client.shell(id, Peers.ping(WORLD_4))).isEqualTo(DENIED);
        assertThat(client.shell(id, Peers.ping(WORLD_6))).isEqualTo(DENIED);
        assertThat(client.shell(id, Peers.ping(HOST_4))).isEqualTo(DENIED);
        assertThat(client.shell(id, Peers.ping("127.0.0.1"))).isEqualTo("answered");
        assertThat(client.shell(id, Peers.ping("::1"))).isEqualTo("answered");
    }

    @Test
    void letsEverythingOutToEverybodyButNothingIn() {
        int id = granted("out.all");
        serve(world, 80);
        serveIn(id, 80);

        assertThat(connect(id, "udp", WORLD_4, 80)).isEqualTo("198.51.100.1");
        assertThat(connect(id, "tcp", WORLD_6, 80)).isEqualTo("2001:db8::1");
        assertThat(client.shell(id, Peers.ping(WORLD_4))).isEqualTo("answered");
        assertThat(client.shell(id, Peers.ping(WORLD_6))).isEqualTo("answered");
        assertThat(client.shell(id, Peers.ping(HOST_4))).isEqualTo("answered");
        assertThat(connectFrom(host, "tcp", address4(id), 80)).isEqualTo(DENIED);
        assertThat(connectFrom(host, "tcp", address6(id), 80)).isEqualTo(DENIED);
        assertThat(host.shell(Peers.ping(address4(id)))).isEqualTo(DENIED);
    }

    @Test
    void letsInWhatIsAllowedToTheContainersOwnPorts() {
        int id = granted("in.7000");
        serveIn(id, 7000);
        serveIn(id, 7001);

        assertThat(connectFrom(host, "tcp", address4(id), 7000)).isEqualTo(HOST_4);
        assertThat(connectFrom(host, "udp", address4(id), 7000)).isEqualTo(HOST_4);
        assertThat(connectFrom(host, "tcp", address6(id), 7000)).startsWith("fd");
        assertThat(connectFrom(host, "tcp", address4(id), 7001)).isEqualTo(DENIED);
        assertThat(connectFrom(host, "tcp", address6(id), 7001)).isEqualTo(DENIED);
        assertThat(host.shell(Peers.ping(address4(id)))).isEqualTo(DENIED);
        serve(host, 7000);
        assertThat(connect(id, "tcp", HOST_4, 7000)).isEqualTo(DENIED);
    }

    @Test
    void asksBothSidesOfTwoContainers() {
        int server = granted("in.7000");
        int allowed = granted("out.all");
        int stranger = granted("out.80");
        serveIn(server, 7000);
        serveIn(allowed, 7000);

        assertThat(connect(allowed, "tcp", address4(server), 7000)).isEqualTo(address4(allowed));
        assertThat(connect(allowed, "tcp", address6(server), 7000)).isEqualTo(address6(allowed));
        assertThat(connect(stranger, "tcp", address4(server), 7000)).isEqualTo(DENIED);
        assertThat(connect(server, "tcp", address4(allowed), 7000)).isEqualTo(DENIED);
        assertThat(client.shell(allowed, Peers.ping(address4(server)))).isEqualTo(DENIED);
        client.setCapabilities(server, "in.ping");
        assertThat(client.shell(allowed, Peers.ping(address4(server)))).isEqualTo("answered");
    }

    @Test
    void extendsARunningContainer() {
        int id = granted("out.80");
        serve(world, 81);
        assertThat(connect(id, "tcp", WORLD_4, 81)).isEqualTo(DENIED);

        client.setCapabilities(id, "out.all");
        client.setCapabilities(id, "in.7000");

        assertThat(connect(id, "tcp", WORLD_4, 81)).isEqualTo("198.51.100.1");
    }

    @Test
    void keepsOneContainersRulesWhenAnotherIsDestroyed() {
        int gone = granted("out.local");
        client.setCapabilities(gone, "out.all");
        int id = granted("out.80");
        serve(world, 80, 81);

        client.destroy(gone);

        assertThat(connect(id, "tcp", WORLD_4, 80)).isEqualTo("198.51.100.1");
        assertThat(connect(id, "tcp", WORLD_4, 81)).isEqualTo(DENIED);
    }

    @Test
    void isTakenAwayByTheAgentAfterACrash() {
        granted("out.all");
        granted("in.7000");

        scene.agent().crash();
        scene.agent().start();
        client.close();
        client = scene.agent().connect();

        assertThat(scene.network()).isEqualTo(networkBefore);
    }

    @Test
    void replacesWhatIsInTheWay() {
        host.shell("nft 'add table inet softwarecontainer_lxcbr0; add chain inet softwarecontainer_lxcbr0 c7_from'");

        int id = granted("out.80");

        serve(world, 80, 81);
        assertThat(connect(id, "tcp", WORLD_4, 80)).isEqualTo("198.51.100.1");
        assertThat(connect(id, "tcp", WORLD_4, 81)).isEqualTo(DENIED);
        assertThat(host.shell("nft list ruleset")).doesNotContain("c7_from");
    }

    @Test
    void keepsTheAddressesOfANameInASet() {
        granted("out.local");

        assertThat(host.shell("nft list table inet softwarecontainer_lxcbr0")).contains("elements = { 127.0.0.1 }");
    }

    @Test
    void refusesWhatIsNoHost() {
        int id = client.create();

        assertRefused(() -> client.setCapabilities(id, "bad")).contains("network", "config[0]", "'host'", "touch");
    }

    private int granted(String... capabilities) {
        return NetworkScene.granted(client, capabilities);
    }

    private String address6(int id) {
        return NetworkScene.address6(client, id);
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
