package com.pelagicore.softwarecontainer.linux;

import com.pelagicore.softwarecontainer.config.NetworkConfig;
import com.pelagicore.softwarecontainer.container.ContainerId;
import com.pelagicore.softwarecontainer.container.HostNetwork;
import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import com.pelagicore.softwarecontainer.process.InitProcess;
import com.pelagicore.softwarecontainer.spec.NetworkRule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.Stream;

/**
 * Devices by rtnetlink, rules by nft. What all containers share is made with the first and removed with the last;
 * only that is serialised.
 */
public final class LinuxHostNetwork implements HostNetwork {

    private final NetworkConfig config;
    private final Path sysctlsBefore;
    private final NetworkLayout layout;
    private final NftTables tables;
    private final NftProgram nft = new NftProgram();
    private final HostNames names = new HostNames();
    private final Map<Integer, AttachedContainer> attached = new ConcurrentHashMap<>();
    private final NameRefresh refresh = new NameRefresh(this::refreshNames);

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
        AttachedContainer container = new AttachedContainer(access, Instant.now());
        try (Netlink netlink = new Netlink()) {
            Lock using = reserve(access.place().container(), container, netlink);
            container.lock.lock();
            try {
                connect(access, netlink, init);
            } finally {
                container.lock.unlock();
                using.unlock();
            }
        }
        refresh.start();
    }

    /** The rules take about as long as the devices: both at once, and only then anything is set up. */
    private void connect(NetworkAccess access, Netlink netlink, InitProcess init) {
        ContainerInterface device = new ContainerInterface(layout, access.place(), ipv6);
        NftProgram.Running rules = nft.start(tables.add(access.place(), access.rules(), access.addresses()));
        try {
            device.make(netlink, init);
        } finally {
            rules.await();
        }
        device.setUp(netlink, init);
    }

    /** Makes what is shared if this is the first; returns with the read lock held. */
    private Lock reserve(int id, AttachedContainer container, Netlink netlink) {
        shared.writeLock().lock();
        try {
            if (attached.isEmpty()) {
                establish(netlink);
            }
            attached.put(id, container);
            shared.readLock().lock();
            return shared.readLock();
        } finally {
            shared.writeLock().unlock();
        }
    }

    private void establish(Netlink netlink) {
        removeStrayPorts(netlink);
        ipv6 = Forwarding.hasIpv6();
        try {
            new BridgeDevice(config, layout).ensure(netlink, ipv6);
            nft.run(tables.make());
            new Forwarding(sysctlsBefore).enable();
        } catch (RuntimeException e) {
            remove(layout, netlink);
            throw e;
        }
    }

    @Override
    public void replace(Prepared prepared) {
        NetworkAccess access = (NetworkAccess) prepared;
        AttachedContainer container = attached.get(access.place().container());
        if (container == null) {
            throw new IllegalStateException(access.place() + " is not attached");
        }
        apply(container, access);
    }

    private void apply(AttachedContainer container, NetworkAccess access) {
        container.lock.lock();
        try {
            container.change(access, Instant.now());
            nft.run(tables.replace(access.place(), access.rules(), container.addresses()));
        } finally {
            container.lock.unlock();
        }
    }

    @Override
    public void restore(ContainerId id, InitProcess init) {
        AttachedContainer container = attached.get(id.value());
        if (container != null && init.isAlive()) {
            apply(container, container.before());
        }
    }

    @Override
    public void detach(ContainerId id, String bridge) {
        // an earlier agent's bridge may have been another one
        NetworkLayout where = bridge.equals(layout.bridge()) ? layout : layout.of(bridge);
        try (Netlink netlink = new Netlink()) {
            netlink.deleteLink(where.device(id.value()));
            if (!where.equals(layout)) {
                remove(where, netlink);
                return;
            }
            detach(id.value(), netlink);
        }
    }

    private void detach(int id, Netlink netlink) {
        shared.writeLock().lock();
        try {
            AttachedContainer container = attached.get(id);
            boolean last = attached.keySet().stream().allMatch(each -> each == id);
            if (last) {
                removeStrayPorts(netlink);
                remove(layout, netlink);
            } else if (container != null) {
                delete(container);
            }
            attached.remove(id);
        } finally {
            shared.writeLock().unlock();
        }
    }

    private void delete(AttachedContainer container) {
        NetworkLayout.Place place = container.access().place();
        nft.run(tables.ensureMade(place, container.sets()) + tables.delete(place, container.sets()));
    }

    private void remove(NetworkLayout where, Netlink netlink) {
        new BridgeDevice(config, where).remove(netlink);
        nft.run(new NftTables(where).remove());
        new Forwarding(sysctlsBefore).restore();
    }

    /** Ports of containers that are not ours to know: without rules they may not stay. */
    private void removeStrayPorts(Netlink netlink) {
        try (Stream<String> lines = Files.lines(Path.of("/proc/net/dev"))) {
            List<String> ports = lines.filter(line -> line.indexOf(':') > 0)
                    .map(line -> line.substring(0, line.indexOf(':')).strip())
                    .filter(layout::isPort)
                    .toList();
            ports.forEach(netlink::deleteLink);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Asks for the names of all containers anew; what cannot be resolved stays as it is. */
    private void refreshNames() {
        attached.values().forEach(this::refreshNames);
    }

    private void refreshNames(AttachedContainer container) {
        for (String name : container.access().names()) {
            resolved(name).ifPresent(found -> {
                shared.readLock().lock();
                container.lock.lock();
                try {
                    if (container.learn(found, Instant.now()) && attached.containsValue(container)) {
                        nft.run(tables.sets(
                                container.access().place().container(),
                                container.access().names(),
                                container.addresses()));
                    }
                } finally {
                    container.lock.unlock();
                    shared.readLock().unlock();
                }
            });
        }
    }

    private Optional<Map<String, Set<InetAddress>>> resolved(String name) {
        try {
            return Optional.of(names.resolve(List.of(name)));
        } catch (SoftwareContainerException e) {
            if (e.kind() == ErrorKind.NOT_FOUND || e.kind() == ErrorKind.TIMED_OUT) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
