package com.pelagicore.softwarecontainer.bus;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The methods that every object has (D-Bus specification, "Standard Interfaces"). None of them waits. */
final class StandardMethods {

    private static final String INTROSPECTABLE = "org.freedesktop.DBus.Introspectable";
    static final String PEER = "org.freedesktop.DBus.Peer";
    private static final String PROPERTIES = "org.freedesktop.DBus.Properties";

    static final Set<String> INTERFACES = Set.of(INTROSPECTABLE, PEER, PROPERTIES);

    private static final List<Path> MACHINE_ID =
            List.of(Path.of("/etc/machine-id"), Path.of("/var/lib/dbus/machine-id"));

    private StandardMethods() {}

    /** Those of any path, also where no object is. */
    static List<Route> peer() {
        return List.of(
                route(PEER, "Ping", "", "", call -> Reply.empty()),
                route(PEER, "GetMachineId", "", "s", call -> Reply.of(machineId())));
    }

    static List<Route> introspectable(String xml) {
        return List.of(route(INTROSPECTABLE, "Introspect", "", "s", call -> Reply.of(xml)));
    }

    /** Those of an object that has no properties. */
    static List<Route> properties(Introspection introspection) {
        Set<String> interfaces = new HashSet<>(INTERFACES);
        introspection.interfaces().forEach(described -> interfaces.add(described.name()));
        CallHandler noSuchProperty = call -> {
            requireInterface(call, interfaces);
            throw BusError.unknownProperty(call.arguments().string(1));
        };
        CallHandler noProperties = call -> {
            requireInterface(call, interfaces);
            return Reply.of(Map.of());
        };
        return List.of(
                route(PROPERTIES, "Get", "ss", "v", noSuchProperty),
                route(PROPERTIES, "GetAll", "s", "a{sv}", noProperties),
                route(PROPERTIES, "Set", "ssv", "", noSuchProperty));
    }

    private static Route route(String interfaceName, String name, String in, String out, CallHandler handler) {
        MethodDescription method = new MethodDescription(name, in, List.of(), out, List.of());
        return new Route(interfaceName, method, new Turn.Inline(), Admission.ofAll(handler), false);
    }

    /** An empty name stands for any interface. */
    private static void requireInterface(BusCall call, Set<String> interfaces) {
        String name = call.arguments().string(0);
        if (!name.isEmpty() && !interfaces.contains(name)) {
            throw BusError.unknownInterface(name, call.path());
        }
    }

    private static String machineId() {
        List<String> problems = new ArrayList<>();
        for (Path file : MACHINE_ID) {
            try {
                return Files.readString(file).strip();
            } catch (IOException e) {
                problems.add(e.toString());
            }
        }
        throw BusError.failed("this machine has no id: " + String.join(", ", problems));
    }
}
