package com.pelagicore.softwarecontainer.linux;

import com.pelagicore.softwarecontainer.linux.NetworkLayout.Place;
import com.pelagicore.softwarecontainer.spec.NetworkRule;
import com.pelagicore.softwarecontainer.spec.NetworkRule.Direction;
import java.net.InetAddress;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The two tables of one bridge, as texts for {@code nft -f}, each one transaction. The bridge table lets a
 * container's frames reach the host only, and under its own addresses only; so all its packets, those to
 * neighbours too, are routed by the host and pass the inet table, which knows connections.
 */
final class NftTables {

    /**
     * On frames that go from another port of the bridge to a container: the inet table has let them pass. With
     * br_netfilter, at priority 0 of the bridge's hooks, replies to connections that the host has masqueraded come that
     * way instead of through the host, and pass the inet table on their way.
     */
    private static final int FILTERED = 0x1000_0000;

    private static final String SHARED =
            """
            create table inet %1$s
            create table bridge %1$s
            table inet %1$s {
            set addresses4 { type ipv4_addr; }
            set addresses6 { type ipv6_addr; }
            map from4 { type ipv4_addr : verdict; }
            map from6 { type ipv6_addr : verdict; }
            map to4 { type ipv4_addr : verdict; }
            map to6 { type ipv6_addr : verdict; }
            chain from {
            icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } ip6 hoplimit 255 return
            ip saddr vmap @from4
            ip6 saddr vmap @from6
            }
            chain to {
            icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } ip6 hoplimit 255 return
            ip daddr vmap @to4
            ip6 daddr vmap @to6
            }
            chain input {
            type filter hook input priority filter; policy accept;
            iifname "%2$s" jump from
            }
            chain output {
            type filter hook output priority filter; policy accept;
            oifname "%2$s" jump to
            }
            chain forward {
            type filter hook forward priority filter; policy accept;
            iifname "%2$s" jump from
            oifname "%2$s" jump to
            iifname "%2$s" oifname "%2$s" ct status & ( snat | dnat ) != 0 ip daddr @addresses4 meta mark set meta mark | %3$d
            iifname "%2$s" oifname "%2$s" ct status & ( snat | dnat ) != 0 ip6 daddr @addresses6 meta mark set meta mark | %3$d
            }
            chain postrouting {
            type nat hook postrouting priority srcnat; policy accept;
            ip saddr @addresses4 ip daddr != @addresses4 masquerade
            ip6 saddr @addresses6 ip6 daddr != @addresses6 masquerade
            }
            }
            table bridge %1$s {
            set ports { type ifname; }
            map from { type ifname : verdict; }
            map to { type ifname : verdict; }
            chain prerouting {
            type filter hook prerouting priority -300; policy accept;
            iifname vmap @from
            }
            chain input {
            type filter hook input priority -300; policy accept;
            iifname @ports ether type != { ip, arp, ip6 } drop
            }
            chain forward {
            type filter hook forward priority -300; policy accept;
            iifname @ports drop
            oifname @ports meta mark set meta mark & %4$s
            }
            chain forwarded {
            type filter hook forward priority 100; policy accept;
            oifname @ports meta mark & %3$d == 0 drop
            }
            chain postrouting {
            type filter hook postrouting priority 300; policy accept;
            oifname vmap @to
            }
            }
            """;

    private static final String REMOVE =
            """
            add table inet %1$s
            delete table inet %1$s
            add table bridge %1$s
            delete table bridge %1$s
            """;

    private static final String INTERFACE =
            """
            table inet %1$s {
            chain c%2$d_outgoing {
            }
            chain c%2$d_incoming {
            }
            chain c%2$d_from {
            ct direction original goto c%2$d_outgoing
            ct direction reply goto c%2$d_incoming
            drop
            }
            chain c%2$d_to {
            ct direction original goto c%2$d_incoming
            ct direction reply goto c%2$d_outgoing
            drop
            }
            }
            table bridge %1$s {
            chain c%2$d_from {
            ether saddr != %3$s drop
            ether type arp arp saddr ether %3$s arp saddr ip %4$s accept
            ether type ip ip saddr %4$s accept
            ip6 saddr { %5$s, %6$s } icmpv6 type nd-neighbor-solicit accept
            ip6 saddr { %5$s, %6$s } icmpv6 type nd-neighbor-advert @th,64,128 { 0x%7$s, 0x%8$s } accept
            icmpv6 type { nd-router-advert, nd-neighbor-advert, nd-redirect } drop
            ether type ip6 ip6 saddr %5$s accept
            drop
            }
            chain c%2$d_to {
            ether type arp arp daddr ip %4$s accept
            ether type ip ip daddr %4$s accept
            icmpv6 type nd-neighbor-solicit @th,64,128 { 0x%7$s, 0x%8$s } accept
            ip6 daddr { %5$s, %6$s } icmpv6 type nd-neighbor-advert accept
            icmpv6 type { nd-router-advert, nd-neighbor-solicit, nd-redirect } drop
            ether type ip6 ip6 daddr %5$s accept
            drop
            }
            }
            """;

    /** {@code %1$s} add or delete. */
    private static final String ELEMENTS =
            """
            %1$s element inet %2$s addresses4 { %4$s }
            %1$s element inet %2$s addresses6 { %5$s }
            %1$s element inet %2$s from4 { %4$s : jump c%3$d_from }
            %1$s element inet %2$s from6 { %5$s : jump c%3$d_from }
            %1$s element inet %2$s to4 { %4$s : jump c%3$d_to }
            %1$s element inet %2$s to6 { %5$s : jump c%3$d_to }
            %1$s element bridge %2$s ports { "%6$s" }
            %1$s element bridge %2$s from { "%6$s" : jump c%3$d_from }
            %1$s element bridge %2$s to { "%6$s" : jump c%3$d_to }
            """;

    private final NetworkLayout layout;
    private final String table;

    NftTables(NetworkLayout layout) {
        this.layout = layout;
        this.table = layout.table();
    }

    /** The tables without a container; refused if there are such. */
    String make() {
        return SHARED.formatted(table, layout.bridge(), FILTERED, Integer.toUnsignedString(~FILTERED));
    }

    /** Removes the tables; none: nothing. */
    String remove() {
        return REMOVE.formatted(table);
    }

    /** A container that is not in the tables. */
    String add(Place place, Set<NetworkRule> rules, Map<String, Set<InetAddress>> addresses) {
        int id = place.container();
        return INTERFACE.formatted(
                        table,
                        id,
                        place.mac(),
                        place.address4().getHostAddress(),
                        place.address6().getHostAddress(),
                        place.linkLocal().getHostAddress(),
                        hex(place.address6()),
                        hex(place.linkLocal()))
                + replace(place, rules, addresses)
                + elements("add", place);
    }

    /** Other rules for a container that is in the tables. */
    String replace(Place place, Set<NetworkRule> rules, Map<String, Set<InetAddress>> addresses) {
        List<String> names = NftRules.names(rules);
        NftRules text = new NftRules(place, names);
        StringBuilder script = new StringBuilder();
        for (Direction direction : Direction.values()) {
            script.append("flush chain inet ").append(chain(place, direction)).append('\n');
        }
        script.append(sets(place.container(), names, addresses));
        for (Direction direction : Direction.values()) {
            String prefix = "add rule inet " + chain(place, direction) + " ";
            text.chain(direction, rules)
                    .lines()
                    .forEach(line -> script.append(prefix).append(line).append('\n'));
        }
        return script.toString();
    }

    private String chain(Place place, Direction direction) {
        return table + " c" + place.container() + (direction == Direction.INCOMING ? "_incoming" : "_outgoing");
    }

    /** The addresses of host names. */
    String sets(int container, List<String> names, Map<String, Set<InetAddress>> addresses) {
        StringBuilder script = new StringBuilder();
        for (int i = 0; i < names.size(); i++) {
            Set<InetAddress> all = addresses.getOrDefault(names.get(i), Set.of());
            script.append(set(NftRules.set(container, i, 4), "ipv4_addr", ofLength(4, all)));
            script.append(set(NftRules.set(container, i, 6), "ipv6_addr", ofLength(16, all)));
        }
        return script.toString();
    }

    private String set(String name, String type, Set<String> elements) {
        String set = "set inet " + table + " " + name;
        String made = "add " + set + " { type " + type + "; }\nflush " + set + "\n";
        return elements.isEmpty()
                ? made
                : made + "add element inet " + table + " " + name + " { " + String.join(", ", elements) + " }\n";
    }

    private static Set<String> ofLength(int bytes, Collection<InetAddress> addresses) {
        return addresses.stream()
                .filter(address -> address.getAddress().length == bytes)
                .map(NftTables::text)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Without the name and the scope that came with it. */
    private static String text(InetAddress address) {
        String text = address.getHostAddress();
        int scope = text.indexOf('%');
        return scope < 0 ? text : text.substring(0, scope);
    }

    /** Makes everything that {@link #delete} deletes: after an attach that went wrong it may be missing. */
    String ensureMade(Place place, int names) {
        StringBuilder script = new StringBuilder();
        for (String chain : List.of("_from", "_to", "_outgoing", "_incoming")) {
            script.append("add chain inet " + table + " c" + place.container() + chain + "\n");
        }
        script.append("add chain bridge " + table + " c" + place.container() + "_from\n");
        script.append("add chain bridge " + table + " c" + place.container() + "_to\n");
        for (int i = 0; i < names; i++) {
            script.append(set(NftRules.set(place.container(), i, 4), "ipv4_addr", Set.of()));
            script.append(set(NftRules.set(place.container(), i, 6), "ipv6_addr", Set.of()));
        }
        return script.append(elements("add", place)).toString();
    }

    /**
     * Takes a container out.
     *
     * @param names how many sets of host names it has at most
     */
    String delete(Place place, int names) {
        int id = place.container();
        StringBuilder script = new StringBuilder(elements("delete", place));
        List<String> chains = List.of("_from", "_to", "_outgoing", "_incoming");
        chains.forEach(chain -> script.append("flush chain inet " + table + " c" + id + chain + "\n"));
        chains.forEach(chain -> script.append("delete chain inet " + table + " c" + id + chain + "\n"));
        script.append("delete chain bridge " + table + " c" + id + "_from\n");
        script.append("delete chain bridge " + table + " c" + id + "_to\n");
        for (int i = 0; i < names; i++) {
            script.append("delete set inet " + table + " " + NftRules.set(id, i, 4) + "\n");
            script.append("delete set inet " + table + " " + NftRules.set(id, i, 6) + "\n");
        }
        return script.toString();
    }

    private String elements(String verb, Place place) {
        return ELEMENTS.formatted(
                verb,
                table,
                place.container(),
                place.address4().getHostAddress(),
                place.address6().getHostAddress(),
                place.device());
    }

    private static String hex(InetAddress address) {
        return HexFormat.of().formatHex(address.getAddress());
    }
}
