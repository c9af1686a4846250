package com.pelagicore.softwarecontainer.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.pelagicore.softwarecontainer.system.AgentClient.Execution;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A host of its own, in a network namespace, where an agent runs; behind it another namespace, the world. */
final class NetworkScene implements AutoCloseable {

    static final String WORLD_4 = "198.51.100.2";
    static final String WORLD_6 = "2001:db8::2";
    static final String HOST_4 = "10.0.3.1";

    /** What a client prints that reached nobody. */
    static final String DENIED = "denied";

    /** Prints what makes a router of a host, of each interface as well. */
    static final String ROUTING = "cd /proc/sys/net; grep . ipv4/ip_forward ipv[46]/conf/*/forwarding"
            + " ipv[46]/conf/*/accept_redirects ipv4/conf/*/send_redirects ipv6/conf/*/accept_ra";

    private final HostSnapshot before = HostSnapshot.take();
    private final TestNetwork host = new TestNetwork();
    private final TestNetwork world = new TestNetwork();
    private final List<Process> servers = new ArrayList<>();
    private final LiveAgent agent;

    /** Both networks; the agent is not started yet. */
    NetworkScene(String manifest) {
        host.shell(
                "ip link add up0 type veth peer name eth0 netns " + world.pid()
                        + "; ip addr add 198.51.100.1/24 dev up0; ip addr add 2001:db8::1/64 dev up0 nodad; ip link set up0 up");
        world.shell("ip addr add " + WORLD_4 + "/24 dev eth0; ip addr add " + WORLD_6
                + "/64 dev eth0 nodad; ip link set eth0 up");
        try {
            agent = new LiveAgent(Files.createTempDirectory(Path.of("/tmp"), "softwarecontainer-it-"));
            Files.writeString(agent.manifests().resolve("network.json"), manifest);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        agent.configure("allow-legacy-containers", "true");
        agent.runBy(host.command());
    }

    /** Starts the agent; its first container builds the template. */
    NetworkScene start() {
        agent.start();
        try (AgentClient first = agent.connect()) {
            first.destroy(first.create());
        }
        return this;
    }

    LiveAgent agent() {
        return agent;
    }

    TestNetwork host() {
        return host;
    }

    TestNetwork world() {
        return world;
    }

    /** Devices, addresses, routes, rules, and what makes a router of the host. */
    String network() {
        return host.shell("ip -d address; ip route; ip -6 route; nft list ruleset; " + ROUTING)
                .replaceAll("(valid|preferred)_lft \\S+|expires \\S+|tentative", "")
                .replaceAll("[ \\t]+", " ");
    }

    static int granted(AgentClient client, String... capabilities) {
        int id = client.create();
        client.setCapabilities(id, capabilities);
        return id;
    }

    /** One whose root may change its network: what is on the host has to hold against it. */
    static int grantedLegacy(AgentClient client, String... capabilities) {
        int id = client.create(AgentClient.LEGACY);
        client.setCapabilities(id, capabilities);
        return id;
    }

    static String address4(int id) {
        return "10.0.3." + (id + 2);
    }

    static String address6(AgentClient client, int id) {
        Matcher address =
                Pattern.compile("inet6 (fd\\S+)/").matcher(client.shell(id, "busybox ip -6 address show eth0"));
        assertThat(address.find()).isTrue();
        return address.group(1);
    }

    /** The own address as the server sees it, or {@link #DENIED}. */
    static String connect(AgentClient client, int id, String protocol, String address, int port) {
        return client.shell(id, Peers.client(protocol, address, port));
    }

    static String connectFrom(TestNetwork where, String protocol, String address, int port) {
        return where.shell(Peers.client(protocol, address, port));
    }

    void serve(TestNetwork where, int... ports) {
        for (int port : ports) {
            servers.add(where.start("/bin/sh", "-c", "exec " + Peers.server(port)));
        }
    }

    static void serveIn(AgentClient client, int id, int port) {
        Execution server = client.execute(id, Peers.server(port));
        Deadlines.await(() -> server.output().contains("listening"));
    }

    /** Ends all servers, and destroys all containers. */
    void clear(AgentClient client) {
        endServers();
        client.list().forEach(client::destroy);
    }

    private void endServers() {
        servers.forEach(server -> {
            server.destroy();
            Deadlines.get(server.onExit());
        });
        servers.clear();
    }

    @Override
    public void close() {
        agent.close();
        endServers();
        world.close();
        host.close();
        before.assertRestored();
    }
}
