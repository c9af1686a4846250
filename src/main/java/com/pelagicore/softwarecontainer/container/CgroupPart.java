package com.pelagicore.softwarecontainer.container;

import com.pelagicore.softwarecontainer.spec.ContainerSpec;
import com.pelagicore.softwarecontainer.spec.DeviceNumber;
import com.pelagicore.softwarecontainer.undo.UndoScope;
import com.pelagicore.softwarecontainer.undo.UndoStep;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Consumer;
import java.util.function.Function;

/** Limits of a container, by the names that this host has for them. */
final class CgroupPart implements GrantPart {

    private static final String SWAP_TOO = "memory.memsw.limit_in_bytes";
    private static final String ALLOW = "devices.allow";
    private static final String DENY = "devices.deny";

    private final ControlGroups cgroups;
    private final String name;
    private final String marker;
    private final Function<ContainerSpec, Set<DeviceNumber>> devices;

    /** @param devices numbers of the devices of a spec that were given by now; asked when a change is made */
    CgroupPart(ControlGroups cgroups, StartedContainer container, Function<ContainerSpec, Set<DeviceNumber>> devices) {
        this.cgroups = cgroups;
        this.devices = devices;
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
        return scope -> {
            List<DeviceRule> standing = standing(Optional.ofNullable(present.get(ALLOW)), wanted);
            changes.forEach(change -> apply(change, standing, scope));
        };
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

    private void apply(Map.Entry<String, String> change, List<DeviceRule> standing, UndoScope scope) {
        undoing(change.getKey(), change.getValue(), standing).forEach(scope::announce);
        cgroups.set(name, change.getKey(), change.getValue());
    }

    /** None: a table that cannot be written as it is read; such a value stays until the container is destroyed. */
    private List<UndoStep> undoing(String key, String value, List<DeviceRule> standing) {
        return switch (key) {
            case ALLOW -> undoingAllow(value, standing);
            // who knows whether it was allowed before: what is denied is not lost, what is allowed in vain is open
            case DENY -> List.of();
            default ->
                cgroups
                        .read(name, key)
                        .filter(previous -> !previous.contains("\n"))
                        .filter(previous -> !previous.isEmpty() || key.startsWith("cpuset."))
                        // an empty line empties a set of processors; nothing at all would change nothing
                        .map(previous -> restore(key, previous.isEmpty() ? "\n" : previous))
                        .stream()
                        .toList();
        };
    }

    /** Denies it again, and then allows what must stay allowed; nothing if all of that must. */
    private List<UndoStep> undoingAllow(String value, List<DeviceRule> standing) {
        Optional<DeviceRule> allowed = DeviceRule.parse(value);
        if (allowed.isPresent() && standing.stream().anyMatch(rule -> rule.includes(allowed.get()))) {
            return List.of();
        }
        List<UndoStep> steps = new ArrayList<>();
        standing.stream()
                .filter(rule -> allowed.filter(rule::meets).isPresent())
                .forEach(rule -> steps.add(restore(ALLOW, rule.toString())));
        // the newest is the first to be undone
        steps.add(restore(DENY, value));
        return steps;
    }

    /** What a container may use whatever becomes of this call. */
    private List<DeviceRule> standing(Optional<String> granted, ContainerSpec wanted) {
        List<DeviceRule> rules = new ArrayList<>();
        StandardDevices.rules().forEach(rule -> DeviceRule.parse(rule + " rw").ifPresent(rules::add));
        devices.apply(wanted).forEach(number -> rules.add(DeviceRule.of(number)));
        granted.flatMap(DeviceRule::parse).ifPresent(rules::add);
        return rules;
    }

    private UndoStep restore(String key, String value) {
        return new UndoStep.RestoreCgroup(name, marker, key, value);
    }
}
