package com.pelagicore.softwarecontainer.system;

import static com.pelagicore.softwarecontainer.system.NetworkScene.DENIED;
import static com.pelagicore.softwarecontainer.system.NetworkScene.HOST_4;
import static com.pelagicore.softwarecontainer.system.NetworkScene.WORLD_4;
import static com.pelagicore.softwarecontainer.system.NetworkScene.address4;
import static com.pelagicore.softwarecontainer.system.NetworkScene.connectFrom;
import static com.pelagicore.softwarecontainer.system.NetworkScene.granted;
import static com.pelagicore.softwarecontainer.system.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The network gateway on a bridge that the administrator makes, or forgets. */
final class NetworkBridgeIT {

    private static final String MANIFEST =
            """
            {"capabilities": [
              {"name": "out.80", "gateways": [{"id": "network", "config": [
                {"direction": "OUTGOING", "allow": [{"host": "*", "ports": 80, "protocols": "tcp"}]}]}]},
              {"name": "in.7000", "gateways": [{"id": "network", "config": [
                {"direction": "INCOMING", "allow": [{"host": "*", "ports": 7000}]}]}]}
            ]}
            """;

    private static final String BRIDGE =
            "ip link add br-car address 02:00:00:00:00:01 type bridge; ip link set br-car up";
    private static final String ADDRESS =
            "; ip addr add 10.0.3.1/24 dev br-car; ip addr add 2001:db8:1::1/64 dev br-car nodad";

    private static NetworkScene scene;
    private static TestNetwork neighbour;

    private AgentClient client;
    private String before;

    @BeforeAll
    static void startAgent() {
        scene = new NetworkScene(MANIFEST);
        neighbour = new TestNetwork();
        scene.agent().configure("bridge-device", "br-car");
        scene.agent().configure("create-bridge", "false");
        scene.start();
    }

    @AfterAll
    static void stopAgent() {
        neighbour.close();
        scene.close();
    }

    @BeforeEach
    void connect() {
        client = scene.agent().connect();
        // the kernel forgets these when ip_forward or all/forwarding go on and off
        scene.host()
                .shell("sysctl -q -w net.ipv4.conf.all.accept_redirects=0 net.ipv4.conf.up0.forwarding=1"
                        + " net.ipv4.conf.default.forwarding=1 net.ipv6.conf.up0.forwarding=1"
                        + " net.ipv6.conf.default.forwarding=1");
        scene.serve(scene.world(), 80);
    }

    @AfterEach
    void destroyAll() {
        scene.clear(client);
        client.close();
        scene.host().shell("ip link del br-car || true; ip link del p0 || true; nft flush ruleset");
    }

    @Test
    void refusesTheGrantWithoutABridgeAndChangesNothing() {
        int id = client.create();
        before = network();

        assertRefused(() -> client.setCapabilities(id, "out.80"))
                .contains("There is no bridge 'br-car' on the host, and 'create-bridge' is false");

        assertThat(client.shell(id, "ls /sys/class/net")).isEqualTo("lo");
        assertThat(network()).isEqualTo(before);

        scene.host().shell(BRIDGE + ADDRESS);
        client.setCapabilities(id, "out.80");
        assertThat(connect(id, WORLD_4, 80)).isEqualTo("198.51.100.1");
    }

    @Test
    void refusesTheGrantIfTheBridgeHasAnotherAddressAndChangesNothing() {
        scene.host().shell(BRIDGE + "; ip addr add 10.0.3.1/25 dev br-car");
        int id = client.create();
        before = network();

        assertRefused(() -> client.setCapabilities(id, "out.80"))
                .contains("The bridge 'br-car' does not have the address 10.0.3.1/24 of the configuration");

        assertThat(network()).isEqualTo(before);
    }

    @Test
    void leavesTheBridgeAsItWas() {
        scene.host().shell(BRIDGE + ADDRESS);
        before = network();
        int id = granted(client, "out.80");
        int other = granted(client, "in.7000");
        assertThat(connect(id, WORLD_4, 80)).isEqualTo("198.51.100.1");
        assertThat(scene.host().shell("ip -o link show master br-car")).hasLineCount(2);

        client.destroy(id);
        client.destroy(other);

        assertThat(network()).isEqualTo(before);
    }

    @Test
    void leavesTheBridgeAsItWasAfterACrash() {
        scene.host().shell(BRIDGE + ADDRESS);
        before = network();
        granted(client, "out.80");

        scene.agent().crash();
        scene.agent().start();
        client.close();
        client = scene.agent().connect();

        assertThat(network()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void keepsContainersAndHostsBehindOtherPortsApartButForWhatIsAllowed(int bridgeNetfilter) {
        scene.host()
                .shell("sysctl -q -w net.bridge.bridge-nf-call-iptables=" + bridgeNetfilter
                        + " net.bridge.bridge-nf-call-ip6tables=" + bridgeNetfilter);
        scene.host()
                .shell(BRIDGE + ADDRESS + "; ip link add p0 type veth peer name eth0 netns " + neighbour.pid()
                        + "; ip link set p0 master br-car up");
        neighbour.shell(
                "ip addr add 10.0.3.99/24 dev eth0; ip addr add 2001:db8:1::99/64 dev eth0 nodad; ip link set eth0 up; ip route add default via "
                        + HOST_4);
        scene.serve(neighbour, 80, 81);
        int id = granted(client, "out.80", "in.7000");
        NetworkScene.serveIn(client, id, 7000);

        assertThat(connect(id, "10.0.3.99", 80)).isEqualTo(HOST_4);
        assertThat(connect(id, "10.0.3.99", 81)).isEqualTo(DENIED);
        assertThat(connect(id, "2001:db8:1::99", 80)).isEqualTo("2001:db8:1::1");
        assertThat(connectFrom(neighbour, "tcp", address4(id), 7000)).isEqualTo(DENIED);
        String neighbourOfItsOwn = address4(id) + " dev eth0 lladdr c2:54:0a:00:03:0" + (id + 2);
        neighbour.shell("ip neigh replace " + neighbourOfItsOwn);
        assertThat(connectFrom(neighbour, "tcp", address4(id), 7000)).isEqualTo(DENIED);
        neighbour.shell("ip neigh del " + neighbourOfItsOwn + "; ip route add " + address4(id) + " via " + HOST_4);
        assertThat(connectFrom(neighbour, "tcp", address4(id), 7000)).isEqualTo("10.0.3.99");
    }

    @Test
    void doesNotOpenTheHostsFirewallForOthersOnTheBridge() {
        scene.host().shell(BRIDGE + ADDRESS + "; iptables -P FORWARD DROP");

        int id = granted(client, "out.80");

        assertThat(connect(id, WORLD_4, 80)).isEqualTo(DENIED);
        assertThat(scene.host().shell("iptables -S FORWARD")).isEqualTo("-P FORWARD DROP");
    }

    private String connect(int id, String address, int port) {
        return NetworkScene.connect(client, id, "tcp", address, port);
    }

    /** Of the bridge what an administrator gives it: it has a carrier only once it had a port. */
    private static String network() {
        return scene.host()
                .shell("ip -o link show br-car | grep -o link/ether.* || true; ip -o link | cut -d: -f2;"
                        + " ip -o address show scope global; ip route; ip -6 route | grep -v ^fe80; nft list ruleset; "
                        + NetworkScene.ROUTING)
                .replaceAll("tentative|linkdown", "")
                .replaceAll("[ \\t]+", " ");
    }
}
