package com.pelagicore.softwarecontainer.spec;

import java.nio.file.Path;
import java.util.List;

/**
 * Messages that may pass between a container and a D-Bus bus of the host. Texts are globs with {@code *} and
 * {@code ?}; an empty text matches nothing.
 *
 * @param methods globs of method or signal names; one has to match
 */
public record BusRule(Bus bus, Direction direction, String interfaceName, String objectPath, List<String> methods)
        implements SpecItem {

    /** Which bus of the host. */
    public enum Bus {
        SESSION("/gateways/dbus-session.sock"),
        SYSTEM("/gateways/dbus-system.sock");

        private final Path containerPath;

        Bus(String containerPath) {
            this.containerPath = Path.of(containerPath);
        }

        /** Where a container finds its socket. */
        public Path containerPath() {
            return containerPath;
        }
    }

    /** Who sends. */
    public enum Direction {
        /** The host, to the container. */
        INCOMING,
        /** The container. */
        OUTGOING,
        BOTH
    }

    public BusRule {
        methods = List.copyOf(methods);
    }

    @Override
    public void addTo(Sum sum) {
        sum.add(this);
    }
}
