package com.pelagicore.softwarecontainer.bus;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What the object at one path can do: its introspection data, and a handler for each method in it. */
public final class BusObject {

    private final Introspection introspection;
    private final List<Route> routes;

    /**
     * Pairs methods with handlers. Introspectable, Peer and Properties come with every object, handlers for
     * them are not given.
     *
     * @throws IllegalArgumentException if a method has no handler or a handler no method
     */
    public BusObject(Introspection introspection, List<MethodHandler> handlers) {
        this.introspection = introspection;
        Map<String, MethodHandler> byName = handlers.stream()
                .collect(Collectors.toMap(
                        handler -> handler.interfaceName() + "." + handler.member(), handler -> handler));
        this.routes = introspection.interfaces().stream()
                .filter(described -> !StandardMethods.INTERFACES.contains(described.name()))
                .flatMap(described -> described.methods().stream().map(method -> route(described, method, byName)))
                .toList();
        if (routes.size() < byName.size()) {
            throw new IllegalArgumentException("introspection data does not name all of " + byName.keySet());
        }
    }

    Introspection introspection() {
        return introspection;
    }

    List<Route> routes() {
        return routes;
    }

    private static Route route(
            InterfaceDescription described, MethodDescription method, Map<String, MethodHandler> byName) {
        String name = described.name() + "." + method.name();
        MethodHandler handler = byName.get(name);
        if (handler == null) {
            throw new IllegalArgumentException("no handler for " + name);
        }
        return new Route(described.name(), method, handler.turn(), handler.admission(), true);
    }
}
