package com.pelagicore.softwarecontainer.bus;

import java.util.List;

/**
 * The answer to a call.
 *
 * @param values one per out argument: {@code String}, {@code Boolean}, any {@code Number} for the integer
 *     types (its low bits are sent), {@code List} for arrays and structs, {@code Map} for dictionaries, {@link
 *     Variant}, and {@link PassedFile}, which stays open here
 * @param afterwards run once the reply was handed to the bus, or could not be
 */
public record Reply(List<Object> values, Runnable afterwards) implements Answer {

    private static final Reply EMPTY = of();

    public Reply {
        values = List.copyOf(values);
    }

    public static Reply of(Object... values) {
        return new Reply(List.of(values), () -> {});
    }

    /** The reply of a method without out arguments. */
    public static Reply empty() {
        return EMPTY;
    }

    public Reply then(Runnable next) {
        return new Reply(values, next);
    }
}
