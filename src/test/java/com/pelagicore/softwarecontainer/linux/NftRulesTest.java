package com.pelagicore.softwarecontainer.linux;

import static org.assertj.core.api.Assertions.assertThat;

import com.pelagicore.softwarecontainer.linux.NetworkLayout.Place;
import com.pelagicore.softwarecontainer.spec.NetworkRule;
import com.pelagicore.softwarecontainer.spec.NetworkRule.Direction;
import com.pelagicore.softwarecontainer.spec.NetworkRule.PortRange;
import com.pelagicore.softwarecontainer.spec.NetworkRule.Protocol;
import com.pelagicore.softwarecontainer.spec.Peer;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NftRulesTest {

    private static final NetworkLayout LAYOUT = NetworkLayoutTest.layout("lxcbr0", "10.0.3.1", 24);
    private static final Place PLACE = LAYOUT.place(7);

    @Test
    void looksAtTheOtherSideThatTheContainerConnectsTo() {
        assertThat(chain(
                        Direction.OUTGOING,
                        rule(Direction.OUTGOING, "10.1.0.0/16", EnumSet.of(Protocol.TCP), range(80, 80), range(90, 99)),
                        rule(Direction.INCOMING, "10.2.0.0/16", EnumSet.of(Protocol.TCP))))
                .isEqualTo(
                        """
                        icmp type redirect drop
                        icmpv6 type nd-redirect drop
                        ct original ip daddr 10.1.0.0/16 meta l4proto { icmp, icmpv6 } ct state related return
                        ct original ip daddr 10.1.0.0/16 meta l4proto { tcp } ct original proto-dst { 80, 90-99 } return
                        drop
                        """);
    }

    @Test
    void looksAtTheContainersOwnPortOfAnIncomingConnection() {
        assertThat(chain(
                        Direction.INCOMING,
                        rule(Direction.INCOMING, "fd00::/8", EnumSet.of(Protocol.TCP, Protocol.ICMP), range(7, 7))))
                .contains(
                        """
                        ct original ip6 saddr fd00:0:0:0:0:0:0:0/8 meta l4proto { icmp, icmpv6 } return
                        ct original ip6 saddr fd00:0:0:0:0:0:0:0/8 meta l4proto { tcp } ct reply proto-src { 7 } return
                        """);
    }

    @Test
    void dropsEverythingWithoutARule() {
        assertThat(chain(Direction.OUTGOING)).endsWith("drop\n").doesNotContain("return");
    }

    @Test
    void knowsEverybodyAndWholeFamilies() {
        assertThat(chain(
                        Direction.OUTGOING,
                        rule(Direction.OUTGOING, "*", EnumSet.of(Protocol.UDP)),
                        rule(Direction.OUTGOING, "0.0.0.0/0", EnumSet.of(Protocol.UDP))))
                .contains("\nmeta l4proto { udp } return\n", "\nmeta nfproto ipv4 meta l4proto { udp } return\n");
    }

    @Test
    void keepsTheAddressesOfNamesInSets() throws UnknownHostException {
        Set<NetworkRule> rules = Set.of(rule(Direction.OUTGOING, "b.example", EnumSet.of(Protocol.TCP)));

        String script = new NftTables(LAYOUT)
                .replace(
                        PLACE,
                        rules,
                        Map.of(
                                "b.example",
                                Set.of(
                                        InetAddress.getByAddress("b.example", new byte[] {1, 2, 3, 4}),
                                        InetAddress.getByAddress("b.example", new byte[] {1, 2, 3, 5}))));

        assertThat(script)
                .contains("flush chain inet softwarecontainer_lxcbr0 c7_outgoing\n")
                .contains("add element inet softwarecontainer_lxcbr0 c7_n0_4 { 1.2.3.4, 1.2.3.5 }\n")
                .contains("flush set inet softwarecontainer_lxcbr0 c7_n0_6\n")
                .contains("c7_outgoing ct original ip daddr @c7_n0_4 meta l4proto { tcp } return\n")
                .contains("c7_outgoing ct original ip6 daddr @c7_n0_6 meta l4proto { tcp } return\n");
    }

    private static String chain(Direction direction, NetworkRule... rules) {
        return new NftRules(PLACE, List.of()).chain(direction, new LinkedHashSet<>(List.of(rules)));
    }

    private static NetworkRule rule(Direction direction, String host, Set<Protocol> protocols, PortRange... ports) {
        return new NetworkRule(direction, Peer.parse(host), protocols, List.of(ports));
    }

    private static PortRange range(int first, int last) {
        return new PortRange(first, last);
    }
}
