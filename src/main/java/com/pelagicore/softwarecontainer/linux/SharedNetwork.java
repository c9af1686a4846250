package com.pelagicore.softwarecontainer.linux;

import com.pelagicore.softwarecontainer.config.NetworkConfig;
import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import com.pelagicore.softwarecontainer.process.InitProcess;
import java.nio.file.Path;
import java.util.Collection;
import java.util.stream.Stream;

/**
 * What all containers with a network share: bridge, tables, forwarding, a way through the host's firewall. Its user
 * sees to it that one thread at a time changes it.
 */
final class SharedNetwork {

    private final NetworkConfig config;
    private final Path sysctlsBefore;
    private final NetworkLayout layout;
    private final NftTables tables;
    private final NftProgram nft;

    private boolean ipv6;
    /** Traffic of a bridge that an administrator made is the administrator's. */
    private boolean opensFirewall;

    SharedNetwork(NetworkConfig config, Path sysctlsBefore, NetworkLayout layout, NftTables tables, NftProgram nft) {
        this.config = config;
        this.sysctlsBefore = sysctlsBefore;
        this.layout = layout;
        this.tables = tables;
        this.nft = nft;
    }

    /** As {@link BridgeDevice#check}; HOST_REFUSED as well if there is no nft. */
    void check() {
        new BridgeDevice(config, layout).check();
        nft.requireInstalled();
    }

    boolean hasIpv6() {
        return ipv6;
    }

    /** Makes it and attaches the first container, at the same time. What a crashed agent left may be in the way: then once more. */
    void makeWith(NetworkAccess first, Netlink netlink, InitProcess init) {
        netlink.deleteLinks(layout.group());
        try {
            makeIfNothingIsThere(first, netlink, init);
        } catch (SoftwareContainerException e) {
            if (e.kind() != ErrorKind.HOST_REFUSED) {
                throw e;
            }
            remove(layout, netlink);
            makeIfNothingIsThere(first, netlink, init);
        }
    }

    private void makeIfNothingIsThere(NetworkAccess first, Netlink netlink, InitProcess init) {
        opensFirewall = config.openHostFirewall() && new BridgeDevice(config, layout).isOursOrMissing(netlink);
        try (NftProgram.Running rules =
                nft.start(tables.make() + tables.add(first.place(), first.rules(), first.addresses()))) {
            ContainerInterface device = opensFirewall
                    ? makeDevicesAndOpenFirewall(first, netlink, init)
                    : makeDevices(first, netlink, init);
            rules.await();
            device.connect(netlink);
        }
    }

    private ContainerInterface makeDevicesAndOpenFirewall(NetworkAccess first, Netlink netlink, InitProcess init) {
        try (NftProgram.Running chains = nft.startListing(HostFirewall.LIST)) {
            ContainerInterface device = makeDevices(first, netlink, init);
            new HostFirewall(nft, layout).open(chains.await());
            return device;
        }
    }

    private ContainerInterface makeDevices(NetworkAccess first, Netlink netlink, InitProcess init) {
        ipv6 = Forwarding.hasIpv6();
        // before there are devices: for each of them the kernel would wait
        new Forwarding(sysctlsBefore).enable(ipv6);
        new BridgeDevice(config, layout).ensure(netlink, ipv6);
        ContainerInterface device = new ContainerInterface(layout, first.place(), ipv6);
        device.make(netlink, init);
        return device;
    }

    /** Takes over what an earlier agent made, for the containers that it left. */
    void adopt(Collection<AttachedContainer> containers) {
        ipv6 = Forwarding.hasIpv6();
        opensFirewall = config.openHostFirewall() && new BridgeDevice(config, layout).isOurs();
        makeRulesAnew(containers);
        new Forwarding(sysctlsBefore).enable(ipv6);
    }

    /** In one transaction: the earlier rules hold until these do. */
    private void makeRulesAnew(Collection<AttachedContainer> containers) {
        StringBuilder script = new StringBuilder(tables.remove()).append(tables.make());
        for (AttachedContainer container : containers) {
            NetworkAccess access = container.access();
            script.append(tables.add(access.place(), access.rules(), container.addresses()));
        }
        nft.run(script.toString());
        containers.forEach(AttachedContainer::applied);
    }

    /**
     * Looks whether somebody has changed the rules of the host.
     *
     * @return false: ours were removed, and have been made anew
     */
    boolean ensureRules(Collection<AttachedContainer> containers) {
        String chains = nft.run(HostFirewall.LIST);
        boolean there = Stream.of("inet", "bridge")
                .allMatch(family -> chains.contains("table " + family + " " + layout.table() + " {"));
        if (!there) {
            makeRulesAnew(containers);
        }
        if (opensFirewall) {
            new HostFirewall(nft, layout).open(chains);
        }
        return there;
    }

    /**
     * Removes all but the forwarding. Devices first go down: then order does not matter, and what waits for the kernel waits
     * at the same time.
     *
     * @param where an earlier agent's bridge may have been another one
     */
    void remove(NetworkLayout where, Netlink netlink) {
        netlink.setDown(where.group());
        try (NftProgram.Running rules = nft.start(new NftTables(where).remove());
                NftProgram.Running chains = nft.startListing(HostFirewall.LIST)) {
            new BridgeDevice(config, where).remove(netlink);
            new HostFirewall(nft, where).close(chains.await());
            rules.await();
        }
    }

    /** For the last container of all bridges. */
    void stopForwarding() {
        new Forwarding(sysctlsBefore).restore();
    }
}
