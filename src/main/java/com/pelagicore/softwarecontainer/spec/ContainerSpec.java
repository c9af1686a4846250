package com.pelagicore.softwarecontainer.spec;

import com.pelagicore.softwarecontainer.spec.BusRule.Bus;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Everything that is granted to a container.
 *
 * @param environment by name
 * @param mounts by container path, parents before children
 * @param sockets by container path
 * @param devices by path
 * @param cgroups values by key
 * @param network what may pass; no rule: no network but loopback
 * @param buses that can be connected to
 * @param busRules what may pass on them
 */
public record ContainerSpec(
        SortedMap<String, String> environment,
        SortedMap<Path, BindMount> mounts,
        SortedMap<Path, SocketMount> sockets,
        SortedMap<Path, DeviceNode> devices,
        SortedMap<String, String> cgroups,
        Set<NetworkRule> network,
        Set<Bus> buses,
        Set<BusRule> busRules) {

    public static final ContainerSpec EMPTY = of(List.of());

    public ContainerSpec {
        environment = Collections.unmodifiableSortedMap(new TreeMap<>(environment));
        mounts = Collections.unmodifiableSortedMap(new TreeMap<>(mounts));
        sockets = Collections.unmodifiableSortedMap(new TreeMap<>(sockets));
        devices = Collections.unmodifiableSortedMap(new TreeMap<>(devices));
        cgroups = Collections.unmodifiableSortedMap(new TreeMap<>(cgroups));
        network = Collections.unmodifiableSet(new LinkedHashSet<>(network));
        buses = Collections.unmodifiableSet(new TreeSet<>(buses));
        busRules = Collections.unmodifiableSet(new LinkedHashSet<>(busRules));
    }

    /** The sum of the items; of two about the same variable, path or key, the later one counts. */
    public static ContainerSpec of(List<? extends SpecItem> items) {
        Collected collected = new Collected();
        items.forEach(item -> item.addTo(collected));
        return collected.spec();
    }

    /** What has to be mounted so that a container with {@code granted} has this; parents before children. */
    public List<BindMount> mountsBeyond(ContainerSpec granted) {
        return beyond(mounts, granted.mounts);
    }

    public List<SocketMount> socketsBeyond(ContainerSpec granted) {
        return beyond(sockets, granted.sockets);
    }

    public List<DeviceNode> devicesBeyond(ContainerSpec granted) {
        return beyond(devices, granted.devices);
    }

    /**
     * This, and of what is granted whatever a container keeps although no manifest says so any more: mounts, sockets,
     * devices and buses. What was forgotten would be made a second time when it is asked for again.
     */
    public ContainerSpec keeping(ContainerSpec granted) {
        SortedMap<Path, BindMount> allMounts = new TreeMap<>(granted.mounts);
        allMounts.keySet().removeAll(sockets.keySet());
        allMounts.putAll(mounts);
        SortedMap<Path, SocketMount> allSockets = new TreeMap<>(granted.sockets);
        allSockets.keySet().removeAll(mounts.keySet());
        allSockets.putAll(sockets);
        SortedMap<Path, DeviceNode> allDevices = new TreeMap<>(granted.devices);
        allDevices.putAll(devices);
        Set<Bus> allBuses = new TreeSet<>(granted.buses);
        allBuses.addAll(buses);
        return new ContainerSpec(environment, allMounts, allSockets, allDevices, cgroups, network, allBuses, busRules);
    }

    /** Those about one bus, in the order of granting. */
    public List<BusRule> rulesOf(Bus bus) {
        return busRules.stream().filter(rule -> rule.bus() == bus).toList();
    }

    private static <K, V> List<V> beyond(SortedMap<K, V> wanted, SortedMap<K, V> granted) {
        List<V> missing = new ArrayList<>();
        for (Map.Entry<K, V> entry : wanted.entrySet()) {
            if (!entry.getValue().equals(granted.get(entry.getKey()))) {
                missing.add(entry.getValue());
            }
        }
        return missing;
    }

    private static final class Collected implements SpecItem.Sum {

        private final SortedMap<String, String> environment = new TreeMap<>();
        private final SortedMap<Path, BindMount> mounts = new TreeMap<>();
        private final SortedMap<Path, SocketMount> sockets = new TreeMap<>();
        private final SortedMap<Path, DeviceNode> devices = new TreeMap<>();
        private final SortedMap<String, String> cgroups = new TreeMap<>();
        private final Set<NetworkRule> network = new LinkedHashSet<>();
        private final Set<Bus> buses = new TreeSet<>();
        private final Set<BusRule> busRules = new LinkedHashSet<>();

        private ContainerSpec spec() {
            return new ContainerSpec(environment, mounts, sockets, devices, cgroups, network, buses, busRules);
        }

        @Override
        public void add(EnvironmentVariable variable) {
            environment.put(variable.name(), variable.value());
        }

        @Override
        public void add(BindMount mount) {
            mounts.put(mount.containerPath(), mount);
        }

        @Override
        public void add(SocketMount mount) {
            sockets.put(mount.containerPath(), mount);
        }

        @Override
        public void add(DeviceNode device) {
            devices.put(device.path(), device);
        }

        @Override
        public void add(CgroupSetting setting) {
            cgroups.put(setting.key(), setting.value());
        }

        @Override
        public void add(NetworkRule rule) {
            network.add(rule);
        }

        @Override
        public void add(BusAccess access) {
            buses.add(access.bus());
        }

        @Override
        public void add(BusRule rule) {
            buses.add(rule.bus());
            busRules.add(rule);
        }
    }
}
