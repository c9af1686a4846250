package com.pelagicore.softwarecontainer.gateway;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.Quoted;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/** Finds the gateways, each id once. */
final class Registry {

    private Registry() {}

    /**
     * By id: those from jars in the order of their ids, then the built-in ones as given.
     *
     * @throws SoftwareContainerException ALREADY_EXISTS if two have one id, INVALID_ARGUMENT if a jar is broken
     */
    static Map<String, Gateway> of(List<? extends Gateway> builtIn, ClassLoader plugins) {
        Map<String, Gateway> gateways = new LinkedHashMap<>();
        List<Named> fromJars = new ArrayList<>(fromJars(plugins));
        fromJars.sort(Comparator.comparing(Named::id));
        fromJars.forEach(named -> add(named, gateways));
        builtIn.forEach(gateway -> add(new Named(gateway.id(), gateway), gateways));
        return gateways;
    }

    private record Named(String id, Gateway gateway) {}

    private static List<Named> fromJars(ClassLoader plugins) {
        List<Named> gateways = new ArrayList<>();
        try {
            ServiceLoader.load(Gateway.class, plugins).forEach(gateway -> gateways.add(named(gateway)));
            return gateways;
        } catch (ServiceConfigurationError | LinkageError e) {
            throw broken(String.valueOf(e.getMessage()), e);
        }
    }

    private static Named named(Gateway gateway) {
        String className = gateway.getClass().getName();
        try {
            String id = gateway.id();
            if (id != null && !id.isEmpty()) {
                return new Named(id, gateway);
            }
        } catch (RuntimeException e) {
            throw broken(className + " does not tell its id: " + e, e);
        }
        throw broken(className + " has no id", new IllegalStateException("no id"));
    }

    private static void add(Named named, Map<String, Gateway> gateways) {
        Gateway other = gateways.putIfAbsent(named.id(), named.gateway());
        if (other != null) {
            throw new SoftwareContainerException(
                    ErrorKind.ALREADY_EXISTS,
                    "Gateway id " + Quoted.text(named.id()) + " is claimed by two classes, "
                            + other.getClass().getName() + " and "
                            + named.gateway().getClass().getName());
        }
    }

    private static SoftwareContainerException broken(String what, Throwable cause) {
        return new SoftwareContainerException(
                ErrorKind.INVALID_ARGUMENT,
                "A gateway plug-in cannot be used: " + Quoted.line(what, 3 * Quoted.MAX_CHARACTERS),
                cause);
    }
}
