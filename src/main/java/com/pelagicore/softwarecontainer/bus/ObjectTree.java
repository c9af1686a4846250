package com.pelagicore.softwarecontainer.bus;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** The objects by path, and the empty nodes above them. Finds the route of a call. Thread-safe. */
final class ObjectTree {

    private static final String DOCTYPE =
            """
            <!DOCTYPE node PUBLIC "-//freedesktop//DTD D-BUS Object Introspection 1.0//EN"
             "http://www.freedesktop.org/standards/dbus/1.0/introspect.dtd">
            """;
    private static final List<Route> ANYWHERE = StandardMethods.peer();

    private final Map<String, BusObject> objects = new HashMap<>();
    private volatile Map<String, List<Route>> nodes = Map.of();

    synchronized void add(String path, BusObject object) {
        if (objects.putIfAbsent(path, object) != null) {
            throw new IllegalStateException("there is an object at '" + path + "' already");
        }
        Map<String, List<Route>> grown = new HashMap<>();
        objects.forEach((place, there) -> grown.put(place, routes(there)));
        for (String place : objects.keySet()) {
            for (String parent = parent(place); !parent.isEmpty(); parent = parent(parent)) {
                String xml = childrenOf(parent);
                grown.computeIfAbsent(parent, key -> join(StandardMethods.introspectable(xml), ANYWHERE));
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
        List<Route> here = nodes.get(path);
        List<Route> candidates = here == null ? ANYWHERE : here;
        List<Route> matches = candidates.stream()
                .filter(route -> route.method().name().equals(member))
                .filter(route -> interfaceName.isEmpty() || interfaceName.get().equals(route.interfaceName()))
                .toList();
        if (matches.size() == 1) {
            return matches.get(0);
        }
        boolean isKnownInterface = interfaceName.isEmpty()
                || candidates.stream().anyMatch(route -> interfaceName.get().equals(route.interfaceName()));
        if (isKnownInterface && (here != null || interfaceName.isPresent())) {
            throw BusError.unknownMethod(member);
        }
        throw here == null ? BusError.unknownObject(path) : BusError.unknownInterface(interfaceName.orElse(""), path);
    }

    private static List<Route> routes(BusObject object) {
        Introspection introspection = object.introspection();
        return join(
                join(object.routes(), StandardMethods.introspectable(introspection.xml())),
                join(StandardMethods.properties(introspection), ANYWHERE));
    }

    private String childrenOf(String path) {
        String prefix = path.equals("/") ? path : path + "/";
        TreeSet<String> children = new TreeSet<>();
        for (String place : objects.keySet()) {
            if (place.startsWith(prefix)) {
                String rest = place.substring(prefix.length());
                int slash = rest.indexOf('/');
                children.add(slash < 0 ? rest : rest.substring(0, slash));
            }
        }
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
