package com.pelagicore.softwarecontainer.container;

import com.pelagicore.softwarecontainer.spec.ContainerSpec;
import com.pelagicore.softwarecontainer.undo.UndoScope;
import com.pelagicore.softwarecontainer.undo.UndoStep;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Consumer;

/** Limits of a container, by the names that this host has for them. */
final class CgroupPart implements GrantPart {

    private static final String SWAP_TOO = "memory.memsw.limit_in_bytes";

    private final ControlGroups cgroups;
    private final String name;
    private final String marker;

    CgroupPart(ControlGroups cgroups, StartedContainer container) {
        this.cgroups = cgroups;
        this.name = container.journal().header().container();
        this.marker = container.journal().header().marker();
    }

    @Override
    public Consumer<UndoScope> plan(ContainerSpec granted, ContainerSpec wanted) {
        if (wanted.cgroups().equals(granted.cgroups())) {
            return scope -> {};
        }
        SortedMap<String, String> present = forHost(granted);
        List<Map.Entry<String, String>> changes = new ArrayList<>();
        forHost(wanted).entrySet().stream()
                .filter(entry -> !entry.getValue().equals(present.get(entry.getKey())))
                .forEach(changes::add);
        raiseFirst(changes);
        return scope -> changes.forEach(change -> apply(change.getKey(), change.getValue(), scope));
    }

    /** There is nothing to know: limits stay, and are looked up. */
    @Override
    public void adopt(ContainerSpec granted) {}

    private SortedMap<String, String> forHost(ContainerSpec spec) {
        return CgroupTranslation.forHost(
                spec.cgroups(), key -> cgroups.read(name, key).isPresent());
    }

    /** At no time may memory alone have a higher limit than memory with swap. */
    private void raiseFirst(List<Map.Entry<String, String>> changes) {
        for (Map.Entry<String, String> change : List.copyOf(changes)) {
            if (change.getKey().equals(SWAP_TOO) && isRaised(change.getValue())) {
                changes.remove(change);
                changes.add(0, change);
            }
        }
    }

    private boolean isRaised(String value) {
        long current = cgroups.read(name, SWAP_TOO).map(Long::parseLong).orElse(Long.MAX_VALUE);
        return value.equals(CgroupTranslation.UNLIMITED_V1) || Long.parseLong(value) > current;
    }

    private void apply(String key, String value, UndoScope scope) {
        undoing(key, value).ifPresent(scope::announce);
        cgroups.set(name, key, value);
    }

    /** Empty: a table that cannot be written as it is read; such a value stays until the container is destroyed. */
    private Optional<UndoStep> undoing(String key, String value) {
        return switch (key) {
            case "devices.allow" -> Optional.of(restore("devices.deny", value));
            case "devices.deny" -> Optional.of(restore("devices.allow", value));
            default ->
                cgroups.read(name, key)
                        .filter(previous -> !previous.contains("\n"))
                        .filter(previous -> !previous.isEmpty() || key.startsWith("cpuset."))
                        // an empty line empties a set of processors; nothing at all would change nothing
                        .map(previous -> restore(key, previous.isEmpty() ? "\n" : previous));
        };
    }

    private UndoStep restore(String key, String value) {
        return new UndoStep.RestoreCgroup(name, marker, key, value);
    }
}
