package com.pelagicore.softwarecontainer.spec;

import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Traffic that a container may have. What no rule allows is dropped, in both directions and both families;
 * replies to what is allowed pass.
 *
 * @param peer the other side
 * @param protocols not empty
 * @param ports for tcp and udp, of the side that is connected to; sorted and merged; empty: all
 */
public record NetworkRule(Direction direction, Peer peer, Set<Protocol> protocols, List<PortRange> ports)
        implements SpecItem {

    /** Who opens the connection. */
    public enum Direction {
        /** Somebody else, to the container. */
        INCOMING,
        /** The container. */
        OUTGOING
    }

    /** {@code ICMP} stands for ICMPv6 too. */
    public enum Protocol {
        TCP,
        UDP,
        ICMP
    }

    /** Ports from first to last, 1 to 65535. */
    public record PortRange(int first, int last) {

        public PortRange {
            if (first < 1 || last > 65535 || first > last) {
                throw new IllegalArgumentException("ports " + first + " to " + last);
            }
        }
    }

    public NetworkRule {
        if (protocols.isEmpty()) {
            throw new IllegalArgumentException("a rule without protocol");
        }
        protocols = Collections.unmodifiableSet(EnumSet.copyOf(protocols));
        ports = List.copyOf(ports);
    }

    @Override
    public void addTo(Sum sum) {
        sum.add(this);
    }
}
