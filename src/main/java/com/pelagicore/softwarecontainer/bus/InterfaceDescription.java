package com.pelagicore.softwarecontainer.bus;

import java.util.List;

/** The methods and properties of an interface, from introspection data. */
public record InterfaceDescription(String name, List<MethodDescription> methods, List<PropertyDescription> properties) {

    public InterfaceDescription {
        methods = List.copyOf(methods);
        properties = List.copyOf(properties);
    }
}
