package com.pelagicore.softwarecontainer.bus;

/**
 * A method call as it came from the bus.
 *
 * @param sender unique name, set by the bus
 * @param credentials of the sender, as the bus tells them
 * @param interactive whether the caller waits for a person to be asked, for a password for instance
 * @param interfaceName as dispatched, also if the caller named none
 */
public record BusCall(
        String sender,
        Credentials credentials,
        boolean interactive,
        String path,
        String interfaceName,
        String member,
        Arguments arguments) {}
