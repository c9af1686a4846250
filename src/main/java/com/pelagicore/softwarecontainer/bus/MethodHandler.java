package com.pelagicore.softwarecontainer.bus;

/** Who answers a method of a {@link BusObject}, when, and whom. */
public record MethodHandler(String interfaceName, String member, Turn turn, Admission admission) {

    /** A method for everybody who reaches the bus. */
    public static MethodHandler ofAll(String interfaceName, String member, Turn turn, CallHandler handler) {
        return new MethodHandler(interfaceName, member, turn, Admission.ofAll(handler));
    }
}
