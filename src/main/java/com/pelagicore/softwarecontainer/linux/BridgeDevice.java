package com.pelagicore.softwarecontainer.linux;

import com.pelagicore.softwarecontainer.config.NetworkConfig;
import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Optional;

/** The bridge of the configuration: the administrator's, or made by us, which its group tells. */
final class BridgeDevice {

    private static final int IFLA_ADDRESS = 1;
    private static final int IFLA_IFNAME = 3;
    private static final int IFLA_LINKINFO = 18;
    private static final int IFLA_GROUP = 27;
    private static final int IFLA_INFO_KIND = 1;
    private static final int IFLA_INFO_DATA = 2;
    private static final int IFLA_BR_FORWARD_DELAY = 1;
    private static final int IFLA_BR_MCAST_SNOOPING = 23;
    private static final int IFA_F_NODAD = 2;
    private static final int IFA_F_PERMANENT = 0x80;
    private static final int IPV6_PREFIX = 64;

    private final NetworkConfig config;
    private final NetworkLayout layout;

    BridgeDevice(NetworkConfig config, NetworkLayout layout) {
        this.config = config;
        this.layout = layout;
    }

    /** NOT_FOUND or HOST_REFUSED if there is no such bridge, and it may not be made or is not as configured. */
    void check() {
        String name = layout.bridge();
        Optional<NetworkInterface> device = device(name);
        if (device.isEmpty()) {
            if (!config.createBridge()) {
                throw new SoftwareContainerException(
                        ErrorKind.NOT_FOUND,
                        "There is no bridge '" + name + "' on the host, and 'create-bridge' is false");
            }
            return;
        }
        boolean hasAddress = device.get().getInterfaceAddresses().stream().anyMatch(this::isOurs);
        if (!hasAddress) {
            throw new SoftwareContainerException(
                    ErrorKind.HOST_REFUSED,
                    "The bridge '" + name + "' does not have the address " + config.bridgeIp() + "/"
                            + config.netmaskBits() + " of the configuration");
        }
    }

    private boolean isOurs(InterfaceAddress address) {
        return address.getAddress().equals(layout.bridge4())
                && address.getNetworkPrefixLength() == config.netmaskBits();
    }

    private static Optional<NetworkInterface> device(String name) {
        try {
            return Optional.ofNullable(NetworkInterface.getByName(name));
        } catch (SocketException e) {
            throw new SoftwareContainerException(
                    ErrorKind.HOST_REFUSED, "The network devices cannot be read: " + e.getMessage(), e);
        }
    }

    /** Makes it unless it is there, and gives it its IPv6 address. */
    void ensure(Netlink netlink, boolean ipv6) {
        check();
        if (netlink.link(layout.bridge()).isEmpty()) {
            make(netlink);
        }
        int index = netlink.link(layout.bridge()).orElseThrow();
        if (ipv6) {
            addAddress6(netlink, index);
        }
    }

    /** Whether we made it, and not an administrator. */
    boolean isOurs() {
        return NetworkLayout.hasMac(layout.bridge(), layout.bridgeMac());
    }

    /** Whether {@link #isOurs} is true once it is there. */
    boolean isOursOrMissing(Netlink netlink) {
        return netlink.link(layout.bridge()).isEmpty() || isOurs();
    }

    private void make(Netlink netlink) {
        String name = layout.bridge();
        NetlinkRequest request = NetlinkRequest.link(
                        "make bridge " + name,
                        NetlinkRequest.RTM_NEWLINK,
                        NetlinkRequest.NLM_F_CREATE | NetlinkRequest.NLM_F_EXCL,
                        0,
                        true)
                .text(IFLA_IFNAME, name)
                .bytes(IFLA_ADDRESS, NetworkLayout.macBytes(layout.bridgeMac()))
                .number(IFLA_GROUP, layout.group());
        int info = request.begin(IFLA_LINKINFO);
        request.text(IFLA_INFO_KIND, "bridge");
        int data = request.begin(IFLA_INFO_DATA);
        request.number(IFLA_BR_FORWARD_DELAY, 0).flag(IFLA_BR_MCAST_SNOOPING, 0);
        netlink.request(request.end(data).end(info));
        Forwarding.trustOwnAddress(name);
        int index = netlink.link(name).orElseThrow();
        NetlinkRequest address = NetlinkRequest.address(
                "address of " + name, layout.bridge4(), layout.prefixBits(), index, IFA_F_PERMANENT);
        netlink.request(Addresses.local(address, layout.bridge4())
                .bytes(Addresses.IFA_BROADCAST, Addresses.broadcast(layout.bridge4(), layout.prefixBits())));
    }

    private void addAddress6(Netlink netlink, int index) {
        NetlinkRequest address = NetlinkRequest.address(
                "IPv6 address of " + layout.bridge(),
                layout.bridge6(),
                IPV6_PREFIX,
                index,
                IFA_F_NODAD | IFA_F_PERMANENT);
        netlink.addAddress(Addresses.local(address, layout.bridge6()));
    }

    /** Removes it and its ports if we made it, else only our ports and the IPv6 address that we gave it. */
    void remove(Netlink netlink) {
        netlink.deleteLinks(layout.group());
        netlink.link(layout.bridge())
                .ifPresent(index -> netlink.removeAddress(Addresses.local(
                        NetlinkRequest.removedAddress(
                                "remove IPv6 address of " + layout.bridge(), layout.bridge6(), IPV6_PREFIX, index),
                        layout.bridge6())));
    }
}
