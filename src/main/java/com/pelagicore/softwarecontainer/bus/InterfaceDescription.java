package com.pelagicore.softwarecontainer.bus;

import java.util.List;

/** The methods of an interface, from introspection data. */
public record InterfaceDescription(String name, List<MethodDescription> methods) {

    public InterfaceDescription {
        methods = List.copyOf(methods);
    }
}
