package com.pelagicore.softwarecontainer.system;

import com.pelagicore.softwarecontainer.system.BusMessage.Target;
import com.pelagicore.softwarecontainer.system.WireWriter.Variant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** A client of the newer interface, which keeps what it is told. */
final class NewerClient implements AutoCloseable {

    static final String NAME = "com.pelagicore.SoftwareContainer";
    static final String PATH = "/com/pelagicore/SoftwareContainer";
    static final String AGENT = NAME + ".Agent1";
    static final String CONTAINER = NAME + ".Container1";
    static final String ERROR = NAME + ".Error.";

    private static final String PROPERTIES = "org.freedesktop.DBus.Properties";

    private final BusClient bus;
    private final List<BusMessage> signals = new ArrayList<>();

    NewerClient(LiveAgent agent) {
        bus = new BusClient(agent.bus().socket(), this::accept);
        bus.match("type='signal',path_namespace='" + PATH + "'");
    }

    /** Path of the new container. */
    String create(Map<String, Variant> options) {
        return (String) call(PATH, AGENT, "Create", "a{sv}", options).get(0);
    }

    String create() {
        return create(Map.of());
    }

    /** Its pid. */
    long execute(String container, String... arguments) {
        return (Long) callContainer(container, "Execute", "asa{sv}", List.of(arguments), Map.of())
                .get(0);
    }

    void destroy(String container) {
        callContainer(container, "Destroy", "");
    }

    List<Object> callContainer(String container, String member, String signature, Object... arguments) {
        return call(container, CONTAINER, member, signature, arguments);
    }

    List<Object> call(String path, String interfaceName, String member, String signature, Object... arguments) {
        return bus.call(NAME, new Target(path, interfaceName, member), signature, arguments);
    }

    Object property(String container, String name) {
        return call(container, PROPERTIES, "Get", "ss", CONTAINER, name).get(0);
    }

    /** By path: interfaces, and their properties. */
    Map<?, ?> objects() {
        return (Map<?, ?>) call(PATH, "org.freedesktop.DBus.ObjectManager", "GetManagedObjects", "")
                .get(0);
    }

    /** Waits for a signal; the first that there is, its arguments. */
    List<Object> await(String path, String member, Predicate<List<Object>> condition) {
        Deadlines.await(() -> !told(path, member, condition).isEmpty());
        return told(path, member, condition).get(0);
    }

    /** Waits until clients were told that a property has a value. */
    void awaitProperty(String container, String name, Object value) {
        await(container, "PropertiesChanged", body -> value.equals(((Map<?, ?>) body.get(1)).get(name)));
    }

    /** Waits for the end of a process: reason and code. */
    List<Object> awaitExit(String container, long pid) {
        return await(container, "ProcessExited", body -> body.get(0).equals(pid))
                .subList(1, 3);
    }

    /** What was told so far. */
    List<List<Object>> told(String path, String member, Predicate<List<Object>> condition) {
        synchronized (signals) {
            return signals.stream()
                    .filter(signal ->
                            signal.path().equals(path) && signal.member().equals(member))
                    .map(BusMessage::body)
                    .filter(condition)
                    .toList();
        }
    }

    private void accept(BusMessage signal) {
        synchronized (signals) {
            signals.add(signal);
        }
    }

    /** As the end of the client's process does. */
    @Override
    public void close() {
        bus.close();
    }
}
