package com.pelagicore.softwarecontainer.bus;

import java.util.List;

/**
 * A method, from introspection data.
 *
 * @param inSignature D-Bus signature of all in arguments together; may be empty
 * @param inNames in the order of the signature
 */
public record MethodDescription(
        String name, String inSignature, List<String> inNames, String outSignature, List<String> outNames) {

    public MethodDescription {
        inNames = List.copyOf(inNames);
        outNames = List.copyOf(outNames);
    }
}
