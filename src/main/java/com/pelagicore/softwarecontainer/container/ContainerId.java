package com.pelagicore.softwarecontainer.container;

/**
 * Number of a container on the wire.
 *
 * @param value 0 or more
 */
public record ContainerId(int value) implements Comparable<ContainerId> {

    public ContainerId {
        if (value < 0) {
            throw new IllegalArgumentException("negative container id " + value);
        }
    }

    /** The LXC name, {@code SC-7}; unique per LXC path. */
    public String name() {
        return "SC-" + value;
    }

    @Override
    public int compareTo(ContainerId other) {
        return Integer.compare(value, other.value);
    }

    @Override
    public String toString() {
        return name();
    }
}
