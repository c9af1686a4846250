package com.pelagicore.softwarecontainer.bus;

import java.util.List;
import java.util.Optional;

/**
 * A signal, to be sent or as it came.
 *
 * @param signature of the arguments, in D-Bus notation
 * @param arguments see {@link Reply}
 * @param destination unique name of the only receiver; empty: everybody who subscribed
 */
public record Signal(
        String path,
        String interfaceName,
        String member,
        String signature,
        List<Object> arguments,
        Optional<String> destination) {

    public Signal {
        arguments = List.copyOf(arguments);
    }

    /** The same signal for one receiver. */
    public Signal to(String uniqueName) {
        return new Signal(path, interfaceName, member, signature, arguments, Optional.of(uniqueName));
    }
}
