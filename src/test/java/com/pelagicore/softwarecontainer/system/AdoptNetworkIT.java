package com.pelagicore.softwarecontainer.system;

import static com.pelagicore.softwarecontainer.system.NetworkScene.DENIED;
import static com.pelagicore.softwarecontainer.system.NetworkScene.WORLD_4;
import static com.pelagicore.softwarecontainer.system.NetworkScene.address4;
import static com.pelagicore.softwarecontainer.system.NetworkScene.connect;
import static com.pelagicore.softwarecontainer.system.NetworkScene.connectFrom;
import static com.pelagicore.softwarecontainer.system.NetworkScene.granted;
import static com.pelagicore.softwarecontainer.system.NetworkScene.serveIn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.pelagicore.softwarecontainer.config.Recovery;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Networks of containers whose agent was killed. */
final class AdoptNetworkIT {

    private static final String MANIFEST =
            """
            {"capabilities": [
              {"name": "out.80", "gateways": [{"id": "network", "config": [
                {"direction": "OUTGOING", "allow": [{"host": "198.51.100.2", "ports": 80, "protocols": "tcp"}]}]}]},
              {"name": "out.81", "gateways": [{"id": "network", "config": [
                {"direction": "OUTGOING", "allow": [{"host": "198.51.100.2", "ports": 81, "protocols": "tcp"}]}]}]},
              {"name": "out.name", "gateways": [{"id": "network", "config": [
                {"direction": "OUTGOING", "allow": [{"host": "localhost", "ports": 80}]}]}]},
              {"name": "in.7000", "gateways": [{"id": "network", "config": [
                {"direction": "INCOMING", "allow": [{"host": "", "ports": 7000}]}]}]}
            ]}
            """;

    private static NetworkScene scene;

    private AgentClient client;
    private String networkBefore;

    @BeforeAll
    static void startAgent() {
        scene = new NetworkScene(MANIFEST).start();
    }

    @AfterAll
    static void stopAgent() {
        scene.close();
    }

    @BeforeEach
    void connectClient() {
        client = scene.agent().connect();
        networkBefore = scene.network();
    }

    @AfterEach
    void destroyAll() {
        try (AgentClient last = scene.agent().connect()) {
            scene.clear(last);
        }
        client.close();
        assertThat(scene.network()).isEqualTo(networkBefore);
    }

    @Test
    void enforcesRulesWithoutAnAgentAndWithTheNextOneAndExtendsThem() {
        scene.serve(scene.world(), 80, 81);
        int first = granted(client, "out.80");
        int second = granted(client, "in.7000");
        serveIn(client, second, 7000);
        String rules = rules();

        scene.agent().crash();
        assertThat(rules()).isEqualTo(rules);
        try (AgentClient next = adopt()) {
            assertThat(rules()).as("the same, without what was counted").isEqualTo(rules);
            assertThat(connect(next, first, "tcp", WORLD_4, 80)).isEqualTo("198.51.100.1");
            assertThat(connect(next, first, "tcp", WORLD_4, 81)).isEqualTo(DENIED);
            assertThat(connectFrom(scene.host(), "tcp", address4(second), 7000)).isNotEqualTo(DENIED);

            next.setCapabilities(first, "out.81");
            int third = granted(next, "out.81");

            assertThat(connect(next, first, "tcp", WORLD_4, 81)).isEqualTo("198.51.100.1");
            assertThat(connect(next, third, "tcp", WORLD_4, 81)).isEqualTo("198.51.100.1");
            assertThat(connect(next, second, "tcp", WORLD_4, 81)).isEqualTo(DENIED);
            next.destroy(second);
            assertThat(connect(next, first, "tcp", WORLD_4, 80)).isEqualTo("198.51.100.1");
        }
    }

    @Test
    void putsRulesInForceThatSomebodyFlushed() {
        scene.serve(scene.world(), 80, 81);
        int id = granted(client, "out.80");
        scene.agent().crash();
        scene.host().shell("nft flush ruleset");

        try (AgentClient next = adopt()) {
            assertThat(connect(next, id, "tcp", WORLD_4, 80)).isEqualTo("198.51.100.1");
            assertThat(connect(next, id, "tcp", WORLD_4, 81)).isEqualTo(DENIED);
        }
    }

    @Test
    void keepsWhatHostNamesStandFor() {
        int id = granted(client, "out.name");
        String sets = scene.host().shell("nft list ruleset | grep -A3 'set c" + id + "_n'");
        assertThat(sets).contains("127.0.0.1");

        scene.agent().crash();
        try (AgentClient next = adopt()) {
            assertThat(next.list()).containsExactly(id);
            assertThat(scene.host().shell("nft list ruleset | grep -A3 'set c" + id + "_n'"))
                    .isEqualTo(sets);
        }
    }

    @Test
    void doesNotTrustAContainerWhoseInterfaceIsGone() {
        int lost = granted(client, "out.80");
        int other = client.create();
        scene.agent().crash();
        scene.host().shell("ip -o link | grep -o 'sc" + lost + "-[0-9a-f]*' | head -1 | xargs ip link delete");

        try (AgentClient next = adopt()) {
            assertThatThrownBy(() -> next.execute(lost, "/bin/true")).hasMessageContaining("Container is invalid");
            assertThat(next.execute(other, "/bin/true").status()).isZero();
            assertThat(scene.agent().log()).contains("there is no device 'sc" + lost + "-");
        }
    }

    @Test
    void forwardsAsLongAsAnyBridgeHasAContainer() {
        scene.serve(scene.world(), 80);
        int earlier = granted(client, "out.80");
        scene.agent().configure("bridge-device", "br-next");

        try (AgentClient next = adopt()) {
            int id = granted(next, "out.80");
            next.destroy(earlier);

            assertThat(scene.host().shell("cat /proc/sys/net/ipv4/ip_forward /proc/sys/net/ipv6/conf/all/forwarding"))
                    .isEqualTo("1\n1");
            assertThat(connect(next, id, "tcp", WORLD_4, 80)).isEqualTo("198.51.100.1");
            next.destroy(id);
        } finally {
            scene.agent().withoutConfiguration("bridge-device");
        }
        scene.agent().stop();
        scene.agent().start();
    }

    /** Without counters, which are of the connections that were. */
    private static String rules() {
        return scene.host().shell("nft -s list ruleset");
    }

    private static AgentClient adopt() {
        if (scene.agent().isRunning()) {
            scene.agent().crash();
        }
        scene.agent().restart(Recovery.ADOPT);
        return scene.agent().connect();
    }
}
