package com.pelagicore.softwarecontainer.system;

import static com.pelagicore.softwarecontainer.system.NetworkScene.DENIED;
import static com.pelagicore.softwarecontainer.system.NetworkScene.WORLD_4;
import static com.pelagicore.softwarecontainer.system.NetworkScene.WORLD_6;
import static com.pelagicore.softwarecontainer.system.NetworkScene.address4;
import static com.pelagicore.softwarecontainer.system.NetworkScene.connectFrom;
import static com.pelagicore.softwarecontainer.system.NetworkScene.granted;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The network gateway on hosts that have a firewall of their own, by iptables or nftables. */
final class NetworkFirewallIT {

    private static final String MANIFEST =
            """
            {"capabilities": [
              {"name": "out.80", "gateways": [{"id": "network", "config": [
                {"direction": "OUTGOING", "allow": [{"host": "*", "ports": 80, "protocols": "tcp"}]}]}]},
              {"name": "in.7000", "gateways": [{"id": "network", "config": [
                {"direction": "INCOMING", "allow": [{"host": "*", "ports": 7000}]}]}]}
            ]}
            """;

    private static final String HOST_ALONE = "198.51.100.1";

    /** As Docker has it. */
    private static final String FORWARD_NOTHING =
            "iptables -P FORWARD DROP; iptables -N DOCKER-USER; iptables -A FORWARD -j DOCKER-USER;"
                    + " ip6tables -P FORWARD DROP";

    private static NetworkScene scene;

    private AgentClient client;

    @BeforeAll
    static void startAgent() {
        scene = new NetworkScene(MANIFEST).start();
        scene.world().shell("ip route add 10.0.3.0/24 via " + HOST_ALONE);
    }

    @AfterAll
    static void stopAgent() {
        scene.close();
    }

    @BeforeEach
    void connect() {
        client = scene.agent().connect();
        scene.serve(scene.world(), 80, 81);
    }

    @AfterEach
    void destroyAll() {
        scene.clear(client);
        client.close();
        scene.host().shell("nft flush ruleset");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void worksWithAndWithoutBridgedFramesInTheFirewall(int bridgeNetfilter) {
        scene.host()
                .shell("sysctl -q -w net.bridge.bridge-nf-call-iptables=" + bridgeNetfilter
                        + " net.bridge.bridge-nf-call-ip6tables=" + bridgeNetfilter);
        scene.host().shell(FORWARD_NOTHING);

        assertThatAllowedTrafficPassesAndNothingElse();
    }

    @Test
    void passesAChainOfNftablesThatForwardsNothing() {
        scene.host()
                .shell("nft 'add table inet firewall; add chain inet firewall forward"
                        + " { type filter hook forward priority 10; policy drop; }'");

        assertThatAllowedTrafficPassesAndNothingElse();
    }

    private void assertThatAllowedTrafficPassesAndNothingElse() {
        String before = firewall();
        int id = granted(client, "out.80", "in.7000");
        int neighbour = granted(client, "out.80");
        NetworkScene.serveIn(client, id, 7000);
        NetworkScene.serveIn(client, id, 80);

        assertThat(connect(id, WORLD_4, 80)).isEqualTo(HOST_ALONE);
        assertThat(connect(id, WORLD_6, 80)).isEqualTo("2001:db8::1");
        assertThat(connect(id, WORLD_4, 81)).isEqualTo(DENIED);
        assertThat(connect(id, WORLD_6, 81)).isEqualTo(DENIED);
        assertThat(connectFrom(scene.world(), "tcp", address4(id), 7000)).isEqualTo(WORLD_4);
        assertThat(connectFrom(scene.world(), "tcp", address4(id), 80)).isEqualTo(DENIED);
        assertThat(connect(neighbour, address4(id), 7000)).isEqualTo(DENIED);

        client.destroy(id);
        client.destroy(neighbour);
        assertThat(firewall()).isEqualTo(before);
    }

    @Test
    void leavesTheLastWordToTheHostsRules() {
        scene.host().shell(FORWARD_NOTHING + "; iptables -A FORWARD -d " + WORLD_4 + " -p tcp --dport 80 -j DROP");

        int id = granted(client, "out.80");

        assertThat(connect(id, WORLD_4, 80)).isEqualTo(DENIED);
        assertThat(connect(id, WORLD_6, 80)).isEqualTo("2001:db8::1");
    }

    @Test
    void leavesAChainAloneThatSpeaksOfTheBridge() {
        scene.host().shell("iptables -P FORWARD DROP; iptables -A FORWARD -i lxcbr0 -p udp -j ACCEPT");

        int id = granted(client, "out.80");

        assertThat(connect(id, WORLD_4, 80)).isEqualTo(DENIED);
        assertThat(scene.host().shell("iptables -S FORWARD"))
                .isEqualTo("-P FORWARD DROP\n-A FORWARD -i lxcbr0 -p udp -j ACCEPT");
    }

    @Test
    void leavesTheFirewallAloneIfToldSoAndWorksOnceTheAdministratorOpensIt() {
        restartWith("open-host-firewall", "false");
        scene.host().shell(FORWARD_NOTHING);
        String before = firewall();
        int id = granted(client, "out.80");
        assertThat(connect(id, WORLD_4, 80)).isEqualTo(DENIED);

        // the words of docs/gateways/network.md
        scene.host().shell("iptables -I FORWARD -i lxcbr0 -j ACCEPT; iptables -I FORWARD -o lxcbr0 -j ACCEPT");

        assertThat(connect(id, WORLD_4, 80)).isEqualTo(HOST_ALONE);
        assertThat(connect(id, WORLD_4, 81)).isEqualTo(DENIED);
        scene.host().shell("iptables -D FORWARD -i lxcbr0 -j ACCEPT; iptables -D FORWARD -o lxcbr0 -j ACCEPT");
        client.destroy(id);
        assertThat(firewall()).isEqualTo(before);
        restartWith("open-host-firewall", "true");
    }

    private void restartWith(String key, String value) {
        client.close();
        scene.agent().stop();
        scene.agent().configure(key, value);
        scene.agent().start();
        client = scene.agent().connect();
    }

    @Test
    void isTakenBackAfterACrashAndLeavesWhatTheAdministratorAddedMeanwhile() {
        scene.host().shell(FORWARD_NOTHING);
        int id = granted(client, "out.80");
        scene.host().shell("iptables -A FORWARD -s 192.0.2.1 -j ACCEPT");
        assertThat(scene.host().shell("iptables -S FORWARD")).contains("-i lxcbr0", "-o lxcbr0");

        scene.agent().crash();
        scene.agent().start();
        client.close();
        client = scene.agent().connect();

        assertThat(client.list()).doesNotContain(id);
        assertThat(scene.host().shell("iptables -S FORWARD"))
                .isEqualTo("-P FORWARD DROP\n-A FORWARD -j DOCKER-USER\n-A FORWARD -s 192.0.2.1/32 -j ACCEPT");
    }

    @Test
    void enforcesItsRulesAgainWhenSomebodyFlushesAll() {
        int id = granted(client, "out.80", "in.7000");
        int neighbour = granted(client, "out.80");
        assertThat(connect(id, WORLD_4, 81)).isEqualTo(DENIED);

        scene.host().shell("nft flush ruleset");

        Deadlines.await(() -> scene.host().shell("nft list tables").contains("bridge softwarecontainer_lxcbr0"));
        assertThat(connect(id, WORLD_4, 80)).isEqualTo(HOST_ALONE);
        assertThat(connect(id, WORLD_4, 81)).isEqualTo(DENIED);
        assertThat(connect(neighbour, WORLD_4, 81)).isEqualTo(DENIED);
        assertThat(scene.agent().log()).contains("somebody has removed the rules of all containers");
    }

    @Test
    void enforcesItsRulesAgainOnceNftWorksAgain(@TempDir Path directory) throws IOException {
        Path nft = directory.resolve("nft");
        Path broken = directory.resolve("broken");
        Files.writeString(nft, "#!/bin/sh\n[ -e " + broken + " ] && exit 1\nPATH=${PATH#*:} exec nft \"$@\"\n");
        Files.setPosixFilePermissions(nft, PosixFilePermissions.fromString("rwxr-xr-x"));
        restartBy(scene.host().command("env", "PATH=" + directory + ":" + System.getenv("PATH")));
        int id = granted(client, "out.80");
        Files.createFile(broken);

        scene.host().shell("nft flush ruleset");

        Deadlines.await(() -> scene.agent().log().contains("the rules of containers may not be in force"));
        Files.delete(broken);
        Deadlines.await(() -> scene.host().shell("nft list tables").contains("bridge softwarecontainer_lxcbr0"));
        assertThat(connect(id, WORLD_4, 80)).isEqualTo(HOST_ALONE);
        assertThat(connect(id, WORLD_4, 81)).isEqualTo(DENIED);
        client.destroy(id);
        restartBy(scene.host().command());
    }

    private void restartBy(List<String> command) {
        client.close();
        scene.agent().stop();
        scene.agent().runBy(command);
        scene.agent().start();
        client = scene.agent().connect();
    }

    @Test
    void followsAFirewallThatIsLoadedAndChangedLater() {
        int id = granted(client, "out.80");
        assertThat(connect(id, WORLD_4, 80)).isEqualTo(HOST_ALONE);

        scene.host().shell(FORWARD_NOTHING);
        Deadlines.await(() -> connect(id, WORLD_4, 80).equals(HOST_ALONE));

        scene.host().shell("iptables -A FORWARD -d " + WORLD_4 + " -p tcp --dport 80 -j DROP");
        Deadlines.await(() -> connect(id, WORLD_4, 80).equals(DENIED));
        scene.host().shell("iptables -F FORWARD; iptables -A FORWARD -j DOCKER-USER");
        Deadlines.await(() -> connect(id, WORLD_4, 80).equals(HOST_ALONE));
    }

    private String connect(int id, String address, int port) {
        return NetworkScene.connect(client, id, "tcp", address, port);
    }

    /** Without counters. */
    private static String firewall() {
        return scene.host().shell("nft -s list ruleset");
    }
}
