package com.pelagicore.softwarecontainer.linux;

import com.pelagicore.softwarecontainer.config.NetworkConfig;
import com.pelagicore.softwarecontainer.container.ContainerId;
import com.pelagicore.softwarecontainer.container.HostNetwork;
import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import com.pelagicore.softwarecontainer.process.InitProcess;
import com.pelagicore.softwarecontainer.spec.NetworkRule;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.Collectors;

/**
 * Devices by rtnetlink, rules by nft. What all containers share is made with the first and removed with the last;
 * only that is serialised.
 */
public final class LinuxHostNetwork implements HostNetwork, NameRefresh.Listener {

    private final NetworkConfig config;
    private final Path sysctlsBefore;
    private final NetworkLayout layout;
    private final NftTables tables;
    private final NftProgram nft = new NftProgram();
    private final HostNames names = new HostNames();
    private final Map<Integer, AttachedContainer> attached = new ConcurrentHashMap<>();
    private final NameRefresh refresh;

    /** Guards what containers share: read by who uses it, written by who makes or removes it; before any container's. */
    private final ReadWriteLock shared = new ReentrantReadWriteLock();

    private boolean ipv6;

    /**
     * Changes nothing yet.
     *
     * @param sysctlsBefore file to keep the values of changed sysctls in; its directory is empty after a reboot
     */
    public LinuxHostNetwork(NetworkConfig config, Path sysctlsBefore) {
        this.config = config;
        this.sysctlsBefore = sysctlsBefore;
        this.layout = NetworkLayout.of(config);
        this.tables = new NftTables(layout);
        this.refresh = new NameRefresh(names, config.hostNames().refreshInterval(), this);
    }

    @Override
    public Prepared prepare(ContainerId container, Set<NetworkRule> rules) {
        NetworkLayout.Place place = layout.place(container.value());
        if (attached.isEmpty()) {
            new BridgeDevice(config, layout).check();
            nft.requireInstalled();
        }
        return new NetworkAccess(layout.bridge(), place, rules, names.resolve(NftRules.names(rules)));
    }

    @Override
    public void attach(Prepared prepared, InitProcess init) {
        NetworkAccess access = (NetworkAccess) prepared;
        AttachedContainer container =
                new AttachedContainer(access, config.hostNames().keepTime(), now());
        try (Netlink netlink = new Netlink()) {
            attach(container, netlink, init);
        }
        refresh.add(access.names());
    }

    private void attach(AttachedContainer container, Netlink netlink, InitProcess init) {
        int id = container.access().place().container();
        shared.writeLock().lock();
        try {
            if (attached.isEmpty()) {
                attachFirst(container.access(), netlink, init);
                attached.put(id, container);
                return;
            }
            attached.put(id, container);
            shared.readLock().lock();
        } finally {
            shared.writeLock().unlock();
        }
        attachFurther(container, netlink, init);
    }

    /** Makes what is shared as well, at the same time. What a crashed agent left may be in the way: then once more. */
    private void attachFirst(NetworkAccess access, Netlink netlink, InitProcess init) {
        netlink.deleteLinks(layout.group());
        try {
            attachFirstIfNothingIsThere(access, netlink, init);
        } catch (SoftwareContainerException e) {
            if (e.kind() != ErrorKind.HOST_REFUSED) {
                throw e;
            }
            remove(layout, netlink);
            attachFirstIfNothingIsThere(access, netlink, init);
        }
    }

    private void attachFirstIfNothingIsThere(NetworkAccess access, Netlink netlink, InitProcess init) {
        try (NftProgram.Running rules = nft.start(tables.make() + added(access));
                NftProgram.Running chains = nft.start(HostFirewall.LIST)) {
            ipv6 = Forwarding.hasIpv6();
            // before there are devices: for each of them the kernel would wait
            new Forwarding(sysctlsBefore).enable(ipv6);
            boolean made = new BridgeDevice(config, layout).ensure(netlink, ipv6);
            ContainerInterface device = new ContainerInterface(layout, access.place(), ipv6);
            device.make(netlink, init);
            if (made && config.openHostFirewall()) {
                new HostFirewall(nft, layout).open(chains.await());
            }
            rules.await();
            device.connect(netlink);
        }
    }

    /** Called with the read lock held, which it gives back. */
    private void attachFurther(AttachedContainer container, Netlink netlink, InitProcess init) {
        container.lock.lock();
        try (NftProgram.Running rules = nft.start(added(container.access()))) {
            ContainerInterface device =
                    new ContainerInterface(layout, container.access().place(), ipv6);
            device.make(netlink, init);
            rules.await();
            device.connect(netlink);
        } finally {
            container.lock.unlock();
            shared.readLock().unlock();
        }
    }

    private String added(NetworkAccess access) {
        return tables.add(access.place(), access.rules(), access.addresses());
    }

    @Override
    public void adopt(ContainerId id, Set<NetworkRule> rules) {
        NetworkLayout.Place place = layout.place(id.value());
        if (!isThere(place)) {
            throw new SoftwareContainerException(
                    ErrorKind.HOST_REFUSED,
                    "there is no device '" + place.device() + "' of " + id + " for the address "
                            + place.address4().getHostAddress()
                            + ": it was removed, or the bridge of the configuration is another one now");
        }
        NetworkAccess access = new NetworkAccess(layout.bridge(), place, rules, Map.of());
        attached.put(
                id.value(), new AttachedContainer(access, config.hostNames().keepTime(), now()));
    }

    private static boolean isThere(NetworkLayout.Place place) {
        try {
            NetworkInterface device = NetworkInterface.getByName(place.device());
            return device != null
                    && Arrays.equals(device.getHardwareAddress(), NetworkLayout.macBytes(place.portMac()));
        } catch (SocketException e) {
            return false;
        }
    }

    @Override
    public void enforceAdopted() {
        if (attached.isEmpty()) {
            return;
        }
        shared.writeLock().lock();
        try {
            ipv6 = Forwarding.hasIpv6();
            Map<String, Set<InetAddress>> sets =
                    nft.list(layout.table()).map(NftSets::parse).orElse(Map.of());
            // one transaction: the earlier rules hold until these do
            StringBuilder script = new StringBuilder(tables.remove()).append(tables.make());
            for (AttachedContainer container : attached.values()) {
                NetworkAccess access = container.access();
                boolean ignored = container.learn(addresses(access, sets), now());
                script.append(tables.add(access.place(), access.rules(), container.addresses()));
            }
            nft.run(script.toString());
            new Forwarding(sysctlsBefore).enable(ipv6);
        } finally {
            shared.writeLock().unlock();
        }
        refresh.add(names());
    }

    /** What the names stood for when the earlier agent asked last. */
    private static Map<String, Set<InetAddress>> addresses(NetworkAccess access, Map<String, Set<InetAddress>> sets) {
        Map<String, Set<InetAddress>> addresses = new HashMap<>();
        for (int i = 0; i < access.names().size(); i++) {
            Set<InetAddress> both = new HashSet<>();
            for (int family : new int[] {4, 6}) {
                both.addAll(sets.getOrDefault(NftRules.set(access.place().container(), i, family), Set.of()));
            }
            addresses.put(access.names().get(i), both);
        }
        return addresses;
    }

    @Override
    public void replace(Prepared prepared) {
        NetworkAccess access = (NetworkAccess) prepared;
        AttachedContainer container = attached.get(access.place().container());
        if (container == null) {
            throw new IllegalStateException(access.place() + " is not attached");
        }
        apply(container, access);
        refresh.add(access.names());
    }

    private void apply(AttachedContainer container, NetworkAccess access) {
        container.lock.lock();
        try {
            container.change(access, now());
            nft.run(tables.replace(access.place(), access.rules(), container.addresses()));
        } finally {
            container.lock.unlock();
        }
    }

    @Override
    public void restore(ContainerId id, InitProcess init) {
        AttachedContainer container = attached.get(id.value());
        if (container == null || !init.isAlive()) {
            return;
        }
        if (container.before().isEmpty()) {
            // the sets may have been filled for the names of the rules that are undone
            container.forgetNames();
        }
        apply(container, container.before().orElse(container.access()));
        refresh.add(container.access().names());
    }

    @Override
    public void detach(ContainerId id, String bridge) {
        // an earlier agent's bridge may have been another one
        NetworkLayout where = bridge.equals(layout.bridge()) ? layout : layout.of(bridge);
        try (Netlink netlink = new Netlink()) {
            if (where.equals(layout)) {
                detach(id.value(), netlink);
            } else {
                remove(where, netlink);
            }
        }
    }

    private void detach(int id, Netlink netlink) {
        Optional<AttachedContainer> container;
        shared.writeLock().lock();
        try {
            container = Optional.ofNullable(attached.remove(id));
            if (attached.isEmpty()) {
                remove(layout, netlink);
                return;
            }
            shared.readLock().lock();
        } finally {
            shared.writeLock().unlock();
        }
        detachOneOfMany(id, container, netlink);
    }

    /** Called with the read lock held, which it gives back. */
    private void detachOneOfMany(int id, Optional<AttachedContainer> container, Netlink netlink) {
        try {
            if (container.isEmpty()) {
                netlink.deleteLink(layout.device(id));
                return;
            }
            netlink.setDown(layout.device(id));
            try (NftProgram.Running rules = nft.start(deleted(container.get()))) {
                netlink.deleteLink(layout.device(id));
                rules.await();
            }
        } catch (RuntimeException e) {
            container.ifPresent(again -> attached.put(id, again));
            throw e;
        } finally {
            shared.readLock().unlock();
        }
    }

    private String deleted(AttachedContainer container) {
        NetworkLayout.Place place = container.access().place();
        return tables.ensureMade(place, container.sets()) + tables.delete(place, container.sets());
    }

    /** Devices first go down: then order does not matter, and what waits for the kernel waits at the same time. */
    private void remove(NetworkLayout where, Netlink netlink) {
        netlink.setDown(where.group());
        try (NftProgram.Running rules = nft.start(new NftTables(where).remove());
                NftProgram.Running chains = nft.start(HostFirewall.LIST)) {
            new BridgeDevice(config, where).remove(netlink);
            new HostFirewall(nft, where).close(chains.await());
            new Forwarding(sysctlsBefore).restore();
            rules.await();
        }
    }

    @Override
    public Set<String> names() {
        return attached.values().stream()
                .flatMap(container -> container.access().names().stream())
                .collect(Collectors.toSet());
    }

    @Override
    public void learn(String name, Set<InetAddress> addresses) {
        for (AttachedContainer container : attached.values()) {
            if (container.access().names().contains(name)) {
                learn(container, Map.of(name, addresses));
            }
        }
    }

    private void learn(AttachedContainer container, Map<String, Set<InetAddress>> addresses) {
        shared.readLock().lock();
        container.lock.lock();
        try {
            if (container.learn(addresses, now()) && attached.containsValue(container)) {
                NetworkAccess access = container.access();
                nft.run(tables.sets(access.place().container(), access.names(), container.addresses()));
            }
        } finally {
            container.lock.unlock();
            shared.readLock().unlock();
        }
    }

    /** The wall clock of a device jumps when it learns what time it is. */
    private static Instant now() {
        return Instant.EPOCH.plusNanos(System.nanoTime());
    }
}
