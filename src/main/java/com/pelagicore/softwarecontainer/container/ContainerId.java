package com.pelagicore.softwarecontainer.container;

/**
 * Number of a container on the wire.
 *
 * @param value 0 or more
 */
public record ContainerId(int value) implements Comparable<ContainerId> {

    private static final String PREFIX = "SC-";

    public ContainerId {
        if (value < 0) {
            throw new IllegalArgumentException("negative container id " + value);
        }
    }

    /** The id that has this {@link #name}. */
    static ContainerId of(String name) {
        return new ContainerId(Integer.parseInt(name.substring(PREFIX.length())));
    }

    /** The LXC name, {@code SC-7}; unique per LXC path. */
    public String name() {
        return PREFIX + value;
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
