package com.pelagicore.softwarecontainer.cli;

import com.pelagicore.softwarecontainer.bus.Variant;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The properties of a container, as dbus-interfaces/com.pelagicore.SoftwareContainer.Container1.xml describes them. */
record ContainerInfo(
        int id,
        String name,
        String state,
        List<String> capabilities,
        List<ProcessInfo> processes,
        long initPid,
        Map<String, String> limits,
        Map<String, Long> usage,
        Instant created,
        long owner) {

    /** A process that runs in the container. */
    record ProcessInfo(long pid, List<String> arguments) {}

    static ContainerInfo of(Map<String, Variant> properties) {
        return new ContainerInfo(
                value(properties, "Id", Integer.class),
                value(properties, "Name", String.class),
                value(properties, "State", String.class),
                strings(value(properties, "Capabilities", List.class)),
                processes(value(properties, "Processes", List.class)),
                value(properties, "InitPid", Long.class),
                dictionary(value(properties, "Limits", Map.class), String.class),
                dictionary(value(properties, "Usage", Map.class), Long.class),
                Instant.EPOCH.plus(value(properties, "Created", Long.class), ChronoUnit.MICROS),
                value(properties, "Owner", Long.class));
    }

    private static <T> T value(Map<String, Variant> properties, String name, Class<T> type) {
        return Optional.ofNullable(properties.get(name))
                .map(Variant::value)
                .filter(type::isInstance)
                .map(type::cast)
                .orElseThrow(() -> new ToolFailure(
                        ExitStatus.REFUSED, "the agent is of another version: it tells no property " + name));
    }

    static List<String> strings(List<?> values) {
        return values.stream().map(String.class::cast).toList();
    }

    static List<ProcessInfo> processes(List<?> values) {
        return values.stream()
                .map(each -> (List<?>) each)
                .map(process -> new ProcessInfo((Long) process.get(0), strings((List<?>) process.get(1))))
                .toList();
    }

    private static <V> Map<String, V> dictionary(Map<?, ?> values, Class<V> type) {
        Map<String, V> sorted = new TreeMap<>();
        values.forEach((key, value) -> sorted.put((String) key, type.cast(value)));
        return sorted;
    }
}
