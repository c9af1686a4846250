package com.pelagicore.softwarecontainer.agent.dbus;

import com.pelagicore.softwarecontainer.bus.Signal;
import com.pelagicore.softwarecontainer.bus.Variant;
import com.pelagicore.softwarecontainer.container.Container;
import com.pelagicore.softwarecontainer.container.ContainerId;
import com.pelagicore.softwarecontainer.container.ContainerState;
import com.pelagicore.softwarecontainer.container.ContainerView;
import com.pelagicore.softwarecontainer.container.Containers;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;

/**
 * The containers as clients of the newer interface know them: what was told of each last, and what to tell when
 * it changes. Thread-safe; signals leave in the order of the changes.
 */
public final class ContainerObjects {

    static final String PARENT = AgentDoor.PATH + "/container";

    private static final String OBJECT_MANAGER = "org.freedesktop.DBus.ObjectManager";
    private static final String PROPERTIES = "org.freedesktop.DBus.Properties";

    private final Consumer<Signal> bus;
    private Optional<Containers> containers = Optional.empty();
    /** By the last element of the path. */
    private final NavigableMap<String, ContainerView> told = new ConcurrentSkipListMap<>();

    public ContainerObjects(Consumer<Signal> bus) {
        this.bus = bus;
    }

    /** Shows these containers from now on; before, there are none. */
    public synchronized void show(Containers shown) {
        containers = Optional.of(shown);
        shown.ids().forEach(this::changed);
    }

    static String path(ContainerId id) {
        return PARENT + "/" + id.value();
    }

    /** Last elements of the paths of all objects; live. */
    Set<String> names() {
        return told.keySet();
    }

    /** What clients were told last of the object at this path; empty: it is gone. */
    Optional<ContainerView> at(String path) {
        return Optional.ofNullable(told.get(path.substring(path.lastIndexOf('/') + 1)));
    }

    List<ContainerView> all() {
        return List.copyOf(told.values());
    }

    /** All properties of a container, those that are not told of included. */
    Map<String, Variant> properties(ContainerView view) {
        Map<String, Variant> properties = ContainerProperties.of(view);
        properties.put("Usage", new Variant("a{st}", usage(view.id())));
        return properties;
    }

    /** The property Usage; nothing of a container that is gone. */
    public Map<String, Long> usage(ContainerId id) {
        Optional<Containers> all;
        synchronized (this) {
            all = containers;
        }
        return all.flatMap(shown -> shown.find(id))
                .map(container -> ContainerProperties.of(container.usage()))
                .orElse(Map.of());
    }

    /** To be called after each change of a container, and after it came or went. */
    public synchronized void changed(ContainerId id) {
        String name = String.valueOf(id.value());
        Optional<ContainerView> before = Optional.ofNullable(told.get(name));
        Optional<ContainerView> now = containers
                .flatMap(all -> all.find(id))
                .map(Container::view)
                .filter(view -> view.state() != ContainerState.DESTROYED);
        boolean stays = before.isPresent() && now.isPresent() && before.get().isOfSameContainer(now.get());
        if (stays) {
            change(before.get(), now.get());
        } else {
            before.ifPresent(this::remove);
            now.ifPresent(this::add);
        }
    }

    private void add(ContainerView view) {
        told.put(String.valueOf(view.id().value()), view);
        emit(
                AgentDoor.PATH,
                OBJECT_MANAGER,
                "InterfacesAdded",
                "oa{sa{sv}}",
                path(view.id()),
                Map.of(ContainerDoor.INTERFACE, ContainerProperties.of(view)));
    }

    private void remove(ContainerView view) {
        told.remove(String.valueOf(view.id().value()));
        emit(
                AgentDoor.PATH,
                OBJECT_MANAGER,
                "InterfacesRemoved",
                "oas",
                path(view.id()),
                List.of(ContainerDoor.INTERFACE));
    }

    private void change(ContainerView before, ContainerView now) {
        Map<String, Variant> old = ContainerProperties.of(before);
        Map<String, Variant> changed = new LinkedHashMap<>(ContainerProperties.of(now));
        changed.entrySet().removeIf(property -> property.getValue().equals(old.get(property.getKey())));
        if (!changed.isEmpty()) {
            told.put(String.valueOf(now.id().value()), now);
            emit(
                    path(now.id()),
                    PROPERTIES,
                    "PropertiesChanged",
                    "sa{sv}as",
                    ContainerDoor.INTERFACE,
                    changed,
                    List.of());
        }
    }

    private void emit(String path, String interfaceName, String member, String signature, Object... arguments) {
        bus.accept(new Signal(path, interfaceName, member, signature, List.of(arguments), Optional.empty()));
    }
}
