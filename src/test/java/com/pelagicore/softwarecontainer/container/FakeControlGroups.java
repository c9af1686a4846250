package com.pelagicore.softwarecontainer.container;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/** Control groups in memory, gone when the container is. Has the keys that it was given a default for. */
public final class FakeControlGroups implements ControlGroups {

    private record Item(String container, String key) {}

    /** Values that a new container has. */
    public final SortedMap<String, String> defaults = new TreeMap<>();

    private final Supplier<Set<String>> running;
    private final List<String> writes = new CopyOnWriteArrayList<>();
    private final Map<Item, String> values = new ConcurrentHashMap<>();
    private final Map<String, SortedSet<String>> allowed = new ConcurrentHashMap<>();

    FakeControlGroups(Supplier<Set<String>> running) {
        this.running = running;
    }

    /** {@code NAME KEY=VALUE} of what differs from the defaults, and {@code NAME RULE} of allowed devices. */
    public List<String> changed() {
        SortedSet<String> all = new TreeSet<>();
        values.forEach((item, value) -> {
            if (running.get().contains(item.container()) && !value.equals(defaults.get(item.key()))) {
                all.add(item.container() + " " + item.key() + "=" + value);
            }
        });
        allowed.forEach((name, rules) -> rules.stream()
                .filter(rule -> running.get().contains(name))
                .forEach(rule -> all.add(name + " " + rule)));
        return List.copyOf(all);
    }

    /** Keys in the order of writing. */
    public List<String> writes() {
        return List.copyOf(writes);
    }

    @Override
    public Optional<String> read(String name, String key) {
        return Optional.ofNullable(values.getOrDefault(new Item(name, key), defaults.get(key)));
    }

    @Override
    public void set(String name, String key, String value) {
        writes.add(key);
        SortedSet<String> rules = allowed.computeIfAbsent(name, container -> new TreeSet<>());
        if (!running.get().contains(name)) {
            throw new SoftwareContainerException(ErrorKind.HOST_REFUSED, name + " is not running");
        } else if (key.equals("devices.allow")) {
            rules.add(value);
        } else if (key.equals("devices.deny")) {
            rules.remove(value);
        } else if (defaults.containsKey(key)) {
            values.put(new Item(name, key), value);
        } else {
            throw new SoftwareContainerException(ErrorKind.HOST_REFUSED, "there is no '" + key + "'");
        }
    }

    @Override
    public void restore(String name, String marker, String key, String value) {
        if (running.get().contains(name)) {
            set(name, key, value);
        }
    }
}
