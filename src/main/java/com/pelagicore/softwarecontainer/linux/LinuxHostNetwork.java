package com.pelagicore.softwarecontainer.linux;

import com.pelagicore.softwarecontainer.config.NetworkConfig;
import com.pelagicore.softwarecontainer.container.ContainerId;
import com.pelagicore.softwarecontainer.container.HostNetwork;
import com.pelagicore.softwarecontainer.process.InitProcess;
import com.pelagicore.softwarecontainer.spec.NetworkRule;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Devices by rtnetlink, rules by nft. What all containers share is made with the first and removed with the last;
 * only that is serialised.
 */
public final class LinuxHostNetwork implements HostNetwork, NameRefresh.Listener {

    private static final Logger LOG = LoggerFactory.getLogger(LinuxHostNetwork.class);

    private final NetworkConfig config;
    private final NetworkLayout layout;
    private final NftTables tables;
    private final NftProgram nft = new NftProgram();
    private final SharedNetwork network;
    private final HostNames names = new HostNames();
    private final Map<Integer, AttachedContainer> attached = new ConcurrentHashMap<>();
    private final NameRefresh refresh;

    /** Guards what containers share: read by who uses it, written by who makes or removes it; before any container's. */
    private final ReadWriteLock shared = new ReentrantReadWriteLock();

    private final RuleWatch ruleWatch;

    /**
     * Changes nothing yet.
     *
     * @param sysctlsBefore file to keep the values of changed sysctls in; its directory is empty after a reboot
     */
    public LinuxHostNetwork(NetworkConfig config, Path sysctlsBefore) {
        this.config = config;
        this.layout = NetworkLayout.of(config);
        this.tables = new NftTables(layout);
        this.network = new SharedNetwork(config, sysctlsBefore, layout, tables, nft);
        this.ruleWatch =
                new RuleWatch(changed -> KernelEvents.listenForRules(layout.table(), changed), this::checkRules);
        this.refresh = new NameRefresh(names, config.hostNames().refreshInterval(), this);
    }

    @Override
    public Prepared prepare(ContainerId container, Set<NetworkRule> rules) {
        NetworkLayout.Place place = layout.place(container.value());
        if (attached.isEmpty()) {
            network.check();
        }
        return new NetworkAccess(layout.bridge(), place, rules, names.resolve(NftRules.names(rules)));
    }

    @Override
    public void attach(Prepared prepared, InitProcess init) {
        NetworkAccess access = (NetworkAccess) prepared;
        AttachedContainer container = attached(access);
        try (Netlink netlink = new Netlink()) {
            attach(container, netlink, init);
        }
        refresh.add(access.names());
        ruleWatch.start();
    }

    private AttachedContainer attached(NetworkAccess access) {
        return new AttachedContainer(access, config.hostNames().keepTime(), now());
    }

    private void attach(AttachedContainer container, Netlink netlink, InitProcess init) {
        int id = container.access().place().container();
        shared.writeLock().lock();
        try {
            if (attached.isEmpty()) {
                network.makeWith(container.access(), netlink, init);
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

    /** Called with the read lock held, which it gives back. */
    private void attachFurther(AttachedContainer container, Netlink netlink, InitProcess init) {
        container.lock.lock();
        try (NftProgram.Running rules = nft.start(added(container))) {
            ContainerInterface device =
                    new ContainerInterface(layout, container.access().place(), network.hasIpv6());
            device.make(netlink, init);
            rules.await();
            device.connect(netlink);
        } finally {
            container.lock.unlock();
            shared.readLock().unlock();
        }
    }

    private String added(AttachedContainer container) {
        NetworkAccess access = container.access();
        return tables.add(access.place(), access.rules(), access.addresses());
    }

    @Override
    public void adopt(ContainerId id, Set<NetworkRule> rules) {
        NetworkLayout.Place place = layout.place(id.value());
        ContainerInterface.requireMade(place);
        attached.put(id.value(), attached(new NetworkAccess(layout.bridge(), place, rules, Map.of())));
    }

    @Override
    public void enforceAdopted() {
        if (attached.isEmpty()) {
            return;
        }
        shared.writeLock().lock();
        try {
            Map<String, Set<InetAddress>> sets =
                    nft.list(layout.table()).map(NftSets::parse).orElse(Map.of());
            for (AttachedContainer container : attached.values()) {
                boolean ignored = container.learn(NftSets.addresses(container.access(), sets), now());
            }
            network.adopt(attached.values());
        } finally {
            shared.writeLock().unlock();
        }
        refresh.add(names());
        ruleWatch.start();
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
        shared.readLock().lock();
        container.lock.lock();
        try {
            container.change(access, now());
            nft.run(tables.replace(access.place(), access.rules(), container.addresses()));
            container.applied();
        } finally {
            container.lock.unlock();
            shared.readLock().unlock();
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
        try (Netlink netlink = new Netlink()) {
            if (bridge.equals(layout.bridge())) {
                detach(id.value(), netlink);
            } else {
                remove(layout.of(bridge), netlink);
            }
        }
    }

    /** A bridge of an earlier agent, with all that is on it; today's containers may need the forwarding. */
    private void remove(NetworkLayout earlier, Netlink netlink) {
        shared.writeLock().lock();
        try {
            network.remove(earlier, netlink);
            if (attached.isEmpty()) {
                network.stopForwarding();
            }
        } finally {
            shared.writeLock().unlock();
        }
    }

    private void detach(int id, Netlink netlink) {
        Optional<AttachedContainer> container;
        shared.writeLock().lock();
        try {
            container = Optional.ofNullable(attached.remove(id));
            if (attached.isEmpty()) {
                network.remove(layout, netlink);
                network.stopForwarding();
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

    private void checkRules() {
        shared.writeLock().lock();
        try {
            if (!attached.isEmpty() && !network.ensureRules(attached.values())) {
                LOG.warn("somebody has removed the rules of all containers, they have been made anew");
            }
        } finally {
            shared.writeLock().unlock();
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
                container.applied();
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
