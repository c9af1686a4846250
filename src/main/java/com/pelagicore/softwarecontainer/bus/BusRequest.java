package com.pelagicore.softwarecontainer.bus;

import java.util.List;

/**
 * A call of a method of somebody else on the bus.
 *
 * @param destination unique name, or the bus itself: of a well-known name nobody could tell who answered
 * @param signature of the arguments, in D-Bus notation
 * @param arguments see {@link Reply}
 */
public record BusRequest(
        String destination,
        String path,
        String interfaceName,
        String member,
        String signature,
        List<Object> arguments) {

    static final String BUS = "org.freedesktop.DBus";

    public BusRequest {
        arguments = List.copyOf(arguments);
    }

    /** To the bus itself. */
    public static BusRequest ofBus(String member, String signature, Object... arguments) {
        return new BusRequest(BUS, "/org/freedesktop/DBus", BUS, member, signature, List.of(arguments));
    }
}
