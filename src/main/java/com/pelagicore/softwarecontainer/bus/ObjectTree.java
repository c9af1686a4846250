package com.pelagicore.softwarecontainer.bus;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** The objects by path, families of them, and the empty nodes above. Finds the route of a call. Thread-safe. */
final class ObjectTree {

    private static final String DOCTYPE =
            """
            <!DOCTYPE node PUBLIC "-//freedesktop//DTD D-BUS Object Introspection 1.0//EN"
             "http://www.freedesktop.org/standards/dbus/1.0/introspect.dtd">
            """;
    private static final List<Route> ANYWHERE = StandardMethods.peer();

    /** What a family's objects answer, by the path that they are below. */
    private record Members(Set<String> names, List<Route> routes) {}

    private final Map<String, BusObject> objects = new HashMap<>();
    private final Map<String, Members> families = new ConcurrentHashMap<>();
    private volatile Map<String, List<Route>> nodes = Map.of();

    synchronized void add(String path, BusObject object) {
        if (objects.putIfAbsent(path, object) != null) {
            throw new IllegalStateException("there is an object at '" + path + "' already");
        }
        layOut();
    }

    synchronized void add(String parent, ObjectFamily family) {
        if (families.putIfAbsent(parent, new Members(family.names(), routes(family.kind()))) != null) {
            throw new IllegalStateException("there is a family at '" + parent + "' already");
        }
        layOut();
    }

    private void layOut() {
        Map<String, List<Route>> grown = new HashMap<>();
        objects.forEach((place, there) -> grown.put(place, routes(there)));
        List<Route> between = join(StandardMethods.introspectable(this::childrenOf), ANYWHERE);
        for (String place : objects.keySet()) {
            for (String parent = parent(place); !parent.isEmpty(); parent = parent(parent)) {
                grown.putIfAbsent(parent, between);
            }
        }
        for (String place : families.keySet()) {
            for (String parent = place; !parent.isEmpty(); parent = parent(parent)) {
                grown.putIfAbsent(parent, between);
            }
        }
        nodes = Map.copyOf(grown);
    }

    /**
     * Who answers a call of this member.
     *
     * @throws BusError UnknownObject, UnknownInterface, UnknownMethod; also if the call names no interface and
     *     several have such a method
     */
    Route find(String path, Optional<String> interfaceName, String member) {
        Optional<List<Route>> here = routesAt(path);
        List<Route> candidates = here.orElse(ANYWHERE);
        List<Route> matches = candidates.stream()
                .filter(route -> route.method().name().equals(member))
                .filter(route -> interfaceName.isEmpty() || interfaceName.get().equals(route.interfaceName()))
                .toList();
        if (matches.size() == 1) {
            return matches.get(0);
        }
        boolean isKnownInterface = interfaceName.isEmpty()
                || candidates.stream().anyMatch(route -> interfaceName.get().equals(route.interfaceName()));
        if (isKnownInterface && (here.isPresent() || interfaceName.isPresent())) {
            throw BusError.unknownMethod(member);
        }
        throw here.isEmpty() ? BusError.unknownObject(path) : BusError.unknownInterface(interfaceName.orElse(""), path);
    }

    private Optional<List<Route>> routesAt(String path) {
        List<Route> here = nodes.get(path);
        int slash = path.lastIndexOf('/');
        if (here != null || slash <= 0) {
            return Optional.ofNullable(here);
        }
        return Optional.ofNullable(families.get(path.substring(0, slash)))
                .filter(family -> family.names().contains(path.substring(slash + 1)))
                .map(Members::routes);
    }

    private static List<Route> routes(BusObject object) {
        String xml = object.introspection().xml();
        return join(
                join(object.routes(), StandardMethods.introspectable(path -> xml)),
                join(StandardMethods.properties(object), ANYWHERE));
    }

    private synchronized String childrenOf(String path) {
        String prefix = path.equals("/") ? path : path + "/";
        TreeSet<String> children = new TreeSet<>();
        Stream.concat(objects.keySet().stream(), families.keySet().stream())
                .filter(place -> place.startsWith(prefix))
                .map(place -> place.substring(prefix.length()).split("/", 2)[0])
                .forEach(children::add);
        Optional.ofNullable(families.get(path)).map(Members::names).ifPresent(children::addAll);
        StringBuilder xml = new StringBuilder(DOCTYPE).append("<node>\n");
        children.forEach(child -> xml.append("  <node name=\"").append(child).append("\"/>\n"));
        return xml.append("</node>\n").toString();
    }

    /** Empty above the root. */
    private static String parent(String path) {
        if (path.equals("/")) {
            return "";
        }
        int slash = path.lastIndexOf('/');
        return slash == 0 ? "/" : path.substring(0, slash);
    }

    private static List<Route> join(List<Route> some, List<Route> others) {
        List<Route> all = new ArrayList<>(some);
        all.addAll(others);
        return List.copyOf(all);
    }
}
