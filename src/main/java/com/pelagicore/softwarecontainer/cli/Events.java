package com.pelagicore.softwarecontainer.cli;

import com.pelagicore.softwarecontainer.bus.Arguments;
import com.pelagicore.softwarecontainer.bus.Signal;
import com.pelagicore.softwarecontainer.bus.Variant;
import com.pelagicore.softwarecontainer.cli.ContainerInfo.ProcessInfo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What signals of the agent say has happened. For one thread at a time. */
final class Events {

    /** Pids of the processes that are known to run. */
    private final Map<Integer, Set<Long>> running = new HashMap<>();

    /** A container that there was before. */
    void begin(ContainerInfo container) {
        running.put(container.id(), pids(container.processes()));
    }

    /** May be none, or several. */
    List<Event> of(Signal signal) {
        return switch (signal.member()) {
            case "InterfacesAdded" -> added((String) signal.arguments().get(0));
            case "InterfacesRemoved" -> removed((String) signal.arguments().get(0));
            case "ProcessExited" -> List.of(end(container(signal.path()), signal.arguments()));
            case "PropertiesChanged" ->
                changed(container(signal.path()), Arguments.variants((Map<?, ?>)
                        signal.arguments().get(1)));
            default -> List.of();
        };
    }

    private List<Event> added(String path) {
        running.put(container(path), Set.of());
        return List.of(new Event.Created(container(path)));
    }

    private List<Event> removed(String path) {
        running.remove(container(path));
        return List.of(new Event.Destroyed(container(path)));
    }

    private static Event end(int container, List<Object> arguments) {
        long pid = (Long) arguments.get(0);
        long code = (Long) arguments.get(2);
        return arguments.get(1).equals("exited")
                ? new Event.Exited(container, pid, code)
                : new Event.Killed(container, pid, code);
    }

    private List<Event> changed(int container, Map<String, Variant> properties) {
        List<Event> events = new ArrayList<>();
        value(properties, "State").ifPresent(state -> events.add(new Event.StateChanged(container, (String) state)));
        value(properties, "Capabilities")
                .ifPresent(names -> events.add(new Event.Granted(container, ContainerInfo.strings((List<?>) names))));
        value(properties, "Processes")
                .ifPresent(list -> events.addAll(started(container, ContainerInfo.processes((List<?>) list))));
        return events;
    }

    private List<Event> started(int container, List<ProcessInfo> processes) {
        Set<Long> before = running.getOrDefault(container, Set.of());
        running.put(container, pids(processes));
        return processes.stream()
                .filter(process -> !before.contains(process.pid()))
                .<Event>map(process -> new Event.Started(container, process.pid(), process.arguments()))
                .toList();
    }

    private static Set<Long> pids(List<ProcessInfo> processes) {
        return processes.stream().map(ProcessInfo::pid).collect(Collectors.toSet());
    }

    private static Optional<Object> value(Map<String, Variant> properties, String name) {
        return Optional.ofNullable(properties.get(name)).map(Variant::value);
    }

    private static int container(String path) {
        return Integer.parseInt(path.substring(path.lastIndexOf('/') + 1));
    }
}
