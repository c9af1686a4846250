package com.pelagicore.softwarecontainer.bus;

/**
 * A method of an object with its handler.
 *
 * @param asksWhoCalls false: the call has {@link Credentials#UNKNOWN}, and its handler runs at once
 */
record Route(String interfaceName, MethodDescription method, Turn turn, Admission admission, boolean asksWhoCalls) {}
