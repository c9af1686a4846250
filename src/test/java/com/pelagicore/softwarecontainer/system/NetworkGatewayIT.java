package com.pelagicore.softwarecontainer.system;

import static com.pelagicore.softwarecontainer.system.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.pelagicore.softwarecontainer.system.AgentClient.Execution;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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

    private static final String WORLD_4 = "198.51.100.2";
    private static final String WORLD_6 = "2001:db8::2";
    private static final String HOST_4 = "10.0.3.1";

    private static HostSnapshot before;
    private static TestNetwork host;
    private static TestNetwork world;
    private static LiveAgent agent;

    private final List<Process> servers = new ArrayList<>();
    private AgentClient client;
    private String networkBefore;

    @BeforeAll
    static void startAgent() throws IOException {
        before = HostSnapshot.take();
        host = new TestNetwork();
        world = new TestNetwork();
        host.shell(
                "ip link add up0 type veth peer name eth0 netns " + world.pid()
                        + "; ip addr add 198.51.100.1/24 dev up0; ip addr add 2001:db8::1/64 dev up0 nodad; ip link set up0 up");
        world.shell("ip addr add " + WORLD_4 + "/24 dev eth0; ip addr add " + WORLD_6
                + "/64 dev eth0 nodad; ip link set eth0 up");
        agent = new LiveAgent(Files.createTempDirectory(Path.of("/tmp"), "softwarecontainer-it-"));
        writeManifest();
        agent.runBy(host.command());
        agent.start();
        try (AgentClient first = agent.connect()) {
            first.destroy(first.create());
        }
    }

    private static void writeManifest() throws IOException {
        Files.writeString(
                agent.manifests().resolve("network.json"),
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
                  {"name": "out.name", "gateways": [{"id": "network", "config": [
                    {"direction": "OUTGOING", "allow": [{"host": "no-such-host.invalid"}]}]}]},
                  {"name": "bad", "gateways": [{"id": "network", "config": [
                    {"direction": "OUTGOING", "allow": [{"host": "1.1.1.1; touch /x"}]}]}]}
                ]}
                """);
    }

    @AfterAll
    static void stopAgent() {
        if (agent != null) {
            agent.close();
        }
        if (world != null) {
            world.close();
        }
        if (host != null) {
            host.close();
        }
        before.assertRestored();
    }

    @BeforeEach
    void connect() {
        client = agent.connect();
        networkBefore = network();
    }

    @AfterEach
    void destroyAll() {
        servers.forEach(server -> {
            server.destroy();
            Deadlines.get(server.onExit());
        });
        client.list().forEach(client::destroy);
        client.close();
        assertThat(network()).isEqualTo(networkBefore);
    }

    /** Devices, addresses, routes, rules, and what makes a router of the host. */
    private static String network() {
        return host.shell("ip -d address; ip route; ip -6 route; nft list ruleset;"
                        + " cat /proc/sys/net/ipv4/ip_forward /proc/sys/net/ipv6/conf/all/forwarding"
                        + " /proc/sys/net/ipv6/conf/*/accept_ra")
                .replaceAll("(valid|preferred)_lft \\S+|expires \\S+|tentative", "")
                .replaceAll("[ \\t]+", " ");
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
        assertThat(connect(id, "udp", WORLD_4, 80)).isEqualTo("denied");
        assertThat(connect(id, "tcp", WORLD_4, 81)).isEqualTo("denied");
        assertThat(connect(id, "tcp", WORLD_6, 80)).isEqualTo("2001:db8::1");
        assertThat(connect(id, "udp", WORLD_6, 95)).isEqualTo("2001:db8::1");
        assertThat(connect(id, "tcp", WORLD_6, 81)).isEqualTo("denied");
        assertThat(client.shell(id, Peers.ping(WORLD_4))).isEqualTo("denied");
        assertThat(client.shell(id, Peers.ping(WORLD_6))).isEqualTo("denied");
        assertThat(client.shell(id, Peers.ping(HOST_4))).isEqualTo("denied");
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
        assertThat(connectFrom(host, "tcp", address4(id), 80)).isEqualTo("denied");
        assertThat(connectFrom(host, "tcp", address6(id), 80)).isEqualTo("denied");
        assertThat(host.shell(Peers.ping(address4(id)))).isEqualTo("denied");
    }

    @Test
    void letsInWhatIsAllowedToTheContainersOwnPorts() {
        int id = granted("in.7000");
        serveIn(id, 7000);
        serveIn(id, 7001);

        assertThat(connectFrom(host, "tcp", address4(id), 7000)).isEqualTo(HOST_4);
        assertThat(connectFrom(host, "udp", address4(id), 7000)).isEqualTo(HOST_4);
        assertThat(connectFrom(host, "tcp", address6(id), 7000)).startsWith("fd");
        assertThat(connectFrom(host, "tcp", address4(id), 7001)).isEqualTo("denied");
        assertThat(connectFrom(host, "tcp", address6(id), 7001)).isEqualTo("denied");
        assertThat(host.shell(Peers.ping(address4(id)))).isEqualTo("denied");
        serve(host, 7000);
        assertThat(connect(id, "tcp", HOST_4, 7000)).isEqualTo("denied");
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
        assertThat(connect(stranger, "tcp", address4(server), 7000)).isEqualTo("denied");
        assertThat(connect(server, "tcp", address4(allowed), 7000)).isEqualTo("denied");
        assertThat(client.shell(allowed, Peers.ping(address4(server)))).isEqualTo("denied");
        client.setCapabilities(server, "in.ping");
        assertThat(client.shell(allowed, Peers.ping(address4(server)))).isEqualTo("answered");
    }

    @Test
    void extendsARunningContainer() {
        int id = granted("out.80");
        serve(world, 81);
        assertThat(connect(id, "tcp", WORLD_4, 81)).isEqualTo("denied");

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
        assertThat(connect(id, "tcp", WORLD_4, 81)).isEqualTo("denied");
    }

    @Test
    void holdsAgainstRootInTheContainer() {
        int id = granted("out.80");
        int neighbour = granted("out.all", "in.7000");
        serveIn(neighbour, 7000);
        serve(world, 80, 81);
        client.shell(neighbour, Peers.ping(HOST_4));

        client.shell(id, "PATH=$PATH:/usr/sbin; nft flush ruleset; iptables -F; iptables -P OUTPUT ACCEPT; true");
        assertThat(connect(id, "tcp", WORLD_4, 81)).isEqualTo("denied");

        client.shell(id, "busybox ip address add 10.0.3.200/24 dev eth0");
        assertThat(connect(id, "tcp", address4(neighbour), 7000)).isEqualTo("denied");

        client.shell(id, "busybox ip address del 10.0.3.200/24 dev eth0; busybox ip route add 10.0.3.0/24 dev eth0");
        assertThat(connect(id, "tcp", address4(neighbour), 7000)).isEqualTo("denied");
        assertThat(connect(id, "tcp", WORLD_4, 80)).isEqualTo("198.51.100.1");
    }

    @Test
    void dropsWhatHasTheAddressOfSomebodyElse() {
        int id = granted("out.80");
        int other = granted("out.all");
        serve(world, 80, 81);
        assertThat(connect(other, "tcp", WORLD_4, 81)).isEqualTo("198.51.100.1");

        client.shell(
                id,
                "busybox ip address flush dev eth0; busybox ip address add " + address4(other)
                        + "/24 dev eth0; busybox ip route add default via " + HOST_4);
        assertThat(connect(id, "tcp", WORLD_4, 81)).isEqualTo("denied");
        assertThat(connect(id, "tcp", WORLD_4, 80)).isEqualTo("denied");

        assertThat(connect(other, "tcp", WORLD_4, 81)).isEqualTo("198.51.100.1");
    }

    @Test
    void dropsWhatHasAnotherHardwareAddress() {
        int id = granted("out.80");
        serve(world, 80);

        client.shell(
                id,
                "busybox ip link set eth0 down; busybox ip link set eth0 address 02:00:00:00:00:01;"
                        + " busybox ip link set eth0 up; busybox ip route add " + HOST_4 + " dev eth0;"
                        + " busybox ip route add default via " + HOST_4);

        assertThat(connect(id, "tcp", WORLD_4, 80)).isEqualTo("denied");
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
        assertThat(client.shell(second, send)).isEqualTo("denied");
    }

    @Test
    void isTakenAwayByTheAgentAfterACrash() {
        granted("out.all");
        granted("in.7000");

        agent.crash();
        agent.start();
        client.close();
        client = agent.connect();

        assertThat(network()).isEqualTo(networkBefore);
    }

    @Test
    void grantsWithinAFewMilliseconds() {
        granted("out.80");
        List<Long> micros = new ArrayList<>();
        for (int i = 0; i < 21; i++) {
            int id = client.create();
            long start = System.nanoTime();
            client.setCapabilities(id, "out.80");
            micros.add((System.nanoTime() - start) / 1000);
            client.destroy(id);
        }
        micros.sort(null);
        System.out.println("SetCapabilities network: median " + micros.get(10) + " us, worst " + micros.get(20));

        assertThat(micros.get(10)).isLessThan(150_000);
    }

    @Test
    void keepsTheAddressesOfANameInASet() {
        granted("out.local");

        assertThat(host.shell("nft list table inet softwarecontainer_lxcbr0")).contains("elements = { 127.0.0.1 }");
    }

    @Test
    void grantsNothingIfANameHasNoAddress() {
        int id = client.create();

        assertRefused(() -> client.setCapabilities(id, "out.80", "out.name")).contains("no-such-host.invalid");

        assertThat(client.shell(id, "ls /sys/class/net")).isEqualTo("lo");
    }

    @Test
    void refusesWhatIsNoHost() {
        int id = client.create();

        assertRefused(() -> client.setCapabilities(id, "bad")).contains("network", "config[0]", "'host'", "touch");
    }

    private int granted(String... capabilities) {
        int id = client.create();
        client.setCapabilities(id, capabilities);
        return id;
    }

    private static String address4(int id) {
        return "10.0.3." + (id + 2);
    }

    private String address6(int id) {
        Matcher address =
                Pattern.compile("inet6 (fd\\S+)/").matcher(client.shell(id, "busybox ip -6 address show eth0"));
        assertThat(address.find()).isTrue();
        return address.group(1);
    }

    private String connect(int id, String protocol, String address, int port) {
        return client.shell(id, Peers.client(protocol, address, port));
    }

    private static String connectFrom(TestNetwork where, String protocol, String address, int port) {
        return where.shell(Peers.client(protocol, address, port));
    }

    private void serve(TestNetwork where, int... ports) {
        for (int port : ports) {
            servers.add(where.start("/bin/sh", "-c", "exec " + Peers.server(port)));
        }
    }

    private void serveIn(int id, int port) {
        Execution server = client.execute(id, Peers.server(port));
        Deadlines.await(() -> server.output().contains("listening"));
    }
}
