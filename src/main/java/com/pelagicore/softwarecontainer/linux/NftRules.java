package com.pelagicore.softwarecontainer.linux;

import com.pelagicore.softwarecontainer.linux.NetworkLayout.Place;
import com.pelagicore.softwarecontainer.spec.NetworkRule;
import com.pelagicore.softwarecontainer.spec.NetworkRule.Direction;
import com.pelagicore.softwarecontainer.spec.NetworkRule.PortRange;
import com.pelagicore.softwarecontainer.spec.NetworkRule.Protocol;
import com.pelagicore.softwarecontainer.spec.Peer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Rules of one container in the language of nft(8). Each looks at the connection and not at the packet: its first
 * packet's other side, and the container's or the other's port. So no state of an earlier container with the same
 * address lets anything pass, and replies need no rule of their own.
 */
final class NftRules {

    private static final String DROP_REDIRECTS = "icmp type redirect drop\nicmpv6 type nd-redirect drop\n";

    /** Errors about a connection have another protocol than the connection itself. */
    private static final String ABOUT_IT = "meta l4proto { icmp, icmpv6 } ct state related ";

    private final Place place;
    private final List<String> names;

    /**
     * For one container.
     *
     * @param names all host names in its rules, in the order of their sets
     */
    NftRules(Place place, List<String> names) {
        this.place = place;
        this.names = List.copyOf(names);
    }

    /** The host names in rules, sorted. */
    static List<String> names(Set<NetworkRule> rules) {
        Set<String> names = new TreeSet<>();
        for (NetworkRule rule : rules) {
            if (rule.peer() instanceof Peer.Name name) {
                names.add(name.name());
            }
        }
        return List.copyOf(names);
    }

    /** Lines of the chain for connections in one direction; what none of them lets return is dropped. */
    String chain(Direction direction, Set<NetworkRule> rules) {
        StringBuilder chain = new StringBuilder(DROP_REDIRECTS);
        for (NetworkRule rule : rules) {
            if (rule.direction() == direction) {
                lines(rule).forEach(line -> chain.append(line).append("return\n"));
            }
        }
        return chain.append("drop\n").toString();
    }

    /** Name of the set with a host name's addresses of one family. */
    static String set(int container, int name, int family) {
        return "c" + container + "_n" + name + "_" + family;
    }

    private List<String> lines(NetworkRule rule) {
        List<String> lines = new ArrayList<>();
        for (String peer : peers(rule)) {
            lines.add(peer + ABOUT_IT);
            for (String traffic : traffic(rule)) {
                lines.add(peer + traffic);
            }
        }
        return lines;
    }

    private List<String> peers(NetworkRule rule) {
        String address = rule.direction() == Direction.OUTGOING ? "daddr " : "saddr ";
        if (rule.peer() instanceof Peer.Anyone) {
            return List.of("");
        }
        if (rule.peer() instanceof Peer.Network network) {
            String family = network.isIpv4() ? "ip " : "ip6 ";
            // nft takes a prefix of 0 for a mistake
            return network.prefixBits() == 0
                    ? List.of("meta nfproto " + (network.isIpv4() ? "ipv4 " : "ipv6 "))
                    : List.of("ct original " + family + address + text(network) + " ");
        }
        int name = names.indexOf(((Peer.Name) rule.peer()).name());
        return List.of(
                "ct original ip " + address + "@" + set(place.container(), name, 4) + " ",
                "ct original ip6 " + address + "@" + set(place.container(), name, 6) + " ");
    }

    private static String text(Peer.Network network) {
        int all = network.isIpv4() ? 32 : 128;
        String address = network.address().getHostAddress();
        return network.prefixBits() == all ? address : address + "/" + network.prefixBits();
    }

    /** Of an incoming connection the container's own port counts, also if the host forwards another one to it. */
    private static List<String> traffic(NetworkRule rule) {
        String port = rule.direction() == Direction.OUTGOING ? "ct original proto-dst " : "ct reply proto-src ";
        if (rule.ports().isEmpty()) {
            return List.of(protocols(rule.protocols()));
        }
        List<String> lines = new ArrayList<>();
        Set<Protocol> withPorts = new TreeSet<>(rule.protocols());
        if (withPorts.remove(Protocol.ICMP)) {
            lines.add(protocols(Set.of(Protocol.ICMP)));
        }
        lines.add(protocols(withPorts) + port + ports(rule.ports()) + " ");
        return lines;
    }

    private static String protocols(Set<Protocol> protocols) {
        return "meta l4proto "
                + new TreeSet<>(protocols)
                        .stream()
                                .map(protocol -> switch (protocol) {
                                    case TCP -> "tcp";
                                    case UDP -> "udp";
                                    case ICMP -> "icmp, icmpv6";
                                })
                                .collect(Collectors.joining(", ", "{ ", " } "));
    }

    private static String ports(List<PortRange> ports) {
        return ports.stream()
                .map(range -> range.first() == range.last()
                        ? String.valueOf(range.first())
                        : range.first() + "-" + range.last())
                .collect(Collectors.joining(", ", "{ ", " }"));
    }
}
