package com.pelagicore.softwarecontainer.bus;

/** Who answers a method of a {@link BusObject}, and when. */
public record MethodHandler(String interfaceName, String member, Turn turn, CallHandler handler) {}
