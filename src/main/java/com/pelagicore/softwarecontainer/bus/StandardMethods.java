package com.pelagicore.softwarecontainer.bus;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** The methods that every object has (D-Bus specification, "Standard Interfaces"). */
final class StandardMethods {

    private static final String INTROSPECTABLE = "org.freedesktop.DBus.Introspectable";
    static final String PEER = "org.freedesktop.DBus.Peer";
    private static final String PROPERTIES = "org.freedesktop.DBus.Properties";

    static final Set<String> INTERFACES = Set.of(INTROSPECTABLE, PEER, PROPERTIES);

    private static final Turn AT_ONCE = new Turn.Inline();

    private static final List<Path> MACHINE_ID =
            List.of(Path.of("/etc/machine-id"), Path.of("/var/lib/dbus/machine-id"));

    private StandardMethods() {}

    /** Those of any path, also where no object is. */
    static List<Route> peer() {
        return List.of(
                // by a worker: its answer shows that other calls are answered, too
                route(PEER, "Ping", "", "", new Turn.Parallel(), call -> Reply.empty()),
                route(PEER, "GetMachineId", "", "s", AT_ONCE, call -> Reply.of(machineId())));
    }

    /** @param xml from a path to its introspection data */
    static List<Route> introspectable(Function<String, String> xml) {
        return List.of(route(INTROSPECTABLE, "Introspect", "", "s", AT_ONCE, call -> Reply.of(xml.apply(call.path()))));
    }

    /** To read a property may take a moment; that an object has none is known at once. */
    static List<Route> properties(BusObject object) {
        Turn turn = object.hasProperties() ? new Turn.Parallel() : AT_ONCE;
        return List.of(
                property("Get", "ss", "v", turn, object.propertyAdmission(call -> get(object, call))),
                property("GetAll", "s", "a{sv}", turn, object.propertyAdmission(call -> getAll(object, call))),
                property("Set", "ssv", "", turn, object.propertyAdmission(call -> set(object, call))));
    }

    private static Route property(String name, String in, String out, Turn turn, Admission admission) {
        return route(PROPERTIES, new MethodDescription(name, in, List.of(), out, List.of()), turn, admission);
    }

    private static Reply get(BusObject object, BusCall call) {
        return Reply.of(object.property(
                call.path(), wantedInterface(object, call), call.arguments().string(1)));
    }

    private static Reply getAll(BusObject object, BusCall call) {
        String wanted = wantedInterface(object, call);
        if (wanted.isEmpty() || INTERFACES.contains(wanted)) {
            return Reply.of(Map.of());
        }
        return Reply.of(object.properties(call.path(), wanted));
    }

    private static Reply set(BusObject object, BusCall call) {
        Arguments arguments = call.arguments();
        object.setProperty(call, wantedInterface(object, call), arguments.string(1), arguments.variant(2));
        return Reply.empty();
    }

    /** An empty name stands for any interface. */
    private static String wantedInterface(BusObject object, BusCall call) {
        String name = call.arguments().string(0);
        boolean isKnown = name.isEmpty()
                || INTERFACES.contains(name)
                || object.introspection().interfaces().stream()
                        .anyMatch(described -> described.name().equals(name));
        if (!isKnown) {
            throw BusError.unknownInterface(name, call.path());
        }
        return name;
    }

    private static Route route(
            String interfaceName, String name, String in, String out, Turn turn, CallHandler handler) {
        MethodDescription method = new MethodDescription(name, in, List.of(), out, List.of());
        return route(interfaceName, method, turn, Admission.ofAll(handler));
    }

    private static Route route(String interfaceName, MethodDescription method, Turn turn, Admission admission) {
        return new Route(interfaceName, method, turn, admission, !(turn instanceof Turn.Inline));
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
