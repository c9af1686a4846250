package com.pelagicore.softwarecontainer.spec;

/**
 * Consecutive user and group ids of the host.
 *
 * @param first 1 or more: root is nobody's to give away
 * @param count 1 or more
 */
public record IdRange(int first, int count) {

    /** As many as POSIX systems take for granted; nobody is 65534. */
    public static final int PER_CONTAINER = 65_536;

    public IdRange {
        if (first < 1 || count < 1 || first > Integer.MAX_VALUE - count) {
            throw new IllegalArgumentException("there are no ids " + first + " and " + (count - 1) + " beyond");
        }
    }

    /** Reads what {@link #toString} writes. */
    public static IdRange parse(String text) {
        int hyphen = text.indexOf('-');
        int first = Integer.parseInt(text.substring(0, Math.max(hyphen, 0)));
        return new IdRange(first, Integer.parseInt(text.substring(hyphen + 1)) - first + 1);
    }

    /** How many containers it suffices for. */
    public int containers() {
        return count / PER_CONTAINER;
    }

    /**
     * The ids of one container.
     *
     * @param number from 0 up to {@link #containers}
     */
    public IdRange ofContainer(int number) {
        if (number < 0 || number >= containers()) {
            throw new IllegalArgumentException("container " + number + " of " + containers());
        }
        return new IdRange(first + number * PER_CONTAINER, PER_CONTAINER);
    }

    public boolean overlaps(IdRange other) {
        return first < other.first + other.count && other.first < first + count;
    }

    /** {@code 1000000-1065535}. */
    @Override
    public String toString() {
        return first + "-" + (first + count - 1);
    }
}
