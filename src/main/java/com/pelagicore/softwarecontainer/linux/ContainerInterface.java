package com.pelagicore.softwarecontainer.linux;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import com.pelagicore.softwarecontainer.linux.NetworkLayout.Place;
import com.pelagicore.softwarecontainer.process.InitProcess;
import java.net.InetAddress;

/** A pair of devices: one a port of the bridge, the other eth0 in a container. */
final class ContainerInterface {

    private static final String NAME = "eth0";

    private static final int IFLA_ADDRESS = 1;
    private static final int IFLA_IFNAME = 3;
    private static final int IFLA_MASTER = 10;
    private static final int IFLA_LINKINFO = 18;
    private static final int IFLA_AF_SPEC = 26;
    private static final int IFLA_GROUP = 27;
    private static final int IFLA_NET_NS_FD = 28;
    private static final int IFLA_INFO_KIND = 1;
    private static final int IFLA_INFO_DATA = 2;
    private static final int VETH_INFO_PEER = 1;
    private static final int IFLA_INET6_ADDR_GEN_MODE = 8;
    private static final int IN6_ADDR_GEN_MODE_NONE = 1;

    private static final int IFA_F_NODAD = 2;
    private static final int IFA_F_PERMANENT = 0x80;
    private static final int IFA_F_NOPREFIXROUTE = 0x200;

    private static final int RTA_DST = 1;
    private static final int RTA_OIF = 4;
    private static final int RTA_GATEWAY = 5;
    private static final int RTA_PREFSRC = 7;
    private static final int RT_SCOPE_UNIVERSE = 0;
    private static final int RT_SCOPE_LINK = 253;

    private final NetworkLayout layout;
    private final Place place;
    private final boolean ipv6;

    ContainerInterface(NetworkLayout layout, Place place, boolean ipv6) {
        this.layout = layout;
        this.place = place;
        this.ipv6 = ipv6;
    }

    /** HOST_REFUSED unless there is one that an earlier agent made. */
    static void requireMade(Place place) {
        if (!NetworkLayout.hasMac(place.device(), place.portMac())) {
            throw new SoftwareContainerException(
                    ErrorKind.HOST_REFUSED,
                    "there is no device '" + place.device() + "' of SC-" + place.container() + " for the address "
                            + place.address4().getHostAddress()
                            + ": it was removed, or the bridge of the configuration is another one now");
        }
    }

    /** Makes the pair, and eth0 ready for use; nothing passes until {@link #connect}. */
    void make(Netlink host, InitProcess init) {
        try (Descriptor namespace = namespace(init)) {
            host.request(pair(host, namespace));
        }
        NamespaceThread.call(init, MountCalls.CLONE_NEWNET, entered -> {
            try (Netlink inside = new Netlink()) {
                entered.commit();
                setUp(inside);
                return place;
            }
        });
    }

    /** Sets the host's end up, which is down until then; the rules must be in force. */
    void connect(Netlink host) {
        setUpWithoutLinkLocal(host, place.device());
    }

    /** Open while the init that it belongs to is known to live. */
    private static Descriptor namespace(InitProcess init) {
        String path = "/proc/" + init.pid() + "/ns/net";
        Descriptor namespace = Opening.checked(Opening.host(FileName.of(path), 0), () -> path);
        if (!init.isAlive()) {
            namespace.close();
            throw new SoftwareContainerException(
                    ErrorKind.WRONG_STATE, "the container's init, process " + init.pid() + ", is gone");
        }
        return namespace;
    }

    private NetlinkRequest pair(Netlink host, Descriptor namespace) {
        int bridge = host.link(layout.bridge())
                .orElseThrow(() -> new SoftwareContainerException(
                        ErrorKind.NOT_FOUND, "The bridge '" + layout.bridge() + "' is gone"));
        NetlinkRequest request = NetlinkRequest.link(
                        "make " + place.device(),
                        NetlinkRequest.RTM_NEWLINK,
                        NetlinkRequest.NLM_F_CREATE | NetlinkRequest.NLM_F_EXCL,
                        0,
                        false)
                .text(IFLA_IFNAME, place.device())
                .bytes(IFLA_ADDRESS, NetworkLayout.macBytes(place.portMac()))
                .number(IFLA_MASTER, bridge)
                .number(IFLA_GROUP, layout.group());
        int info = request.begin(IFLA_LINKINFO);
        request.text(IFLA_INFO_KIND, "veth");
        int data = request.begin(IFLA_INFO_DATA);
        int peer = request.begin(VETH_INFO_PEER);
        request.interfaceInfo(0, false)
                .text(IFLA_IFNAME, NAME)
                .bytes(IFLA_ADDRESS, NetworkLayout.macBytes(place.mac()))
                .number(IFLA_NET_NS_FD, namespace.number());
        return request.end(peer).end(data).end(info);
    }

    /** Without an address of its own choice; the kernel takes that only for a device that is there. */
    private int setUpWithoutLinkLocal(Netlink netlink, String device) {
        int index = netlink.link(device)
                .orElseThrow(() ->
                        new SoftwareContainerException(ErrorKind.HOST_REFUSED, "The device " + device + " is gone"));
        NetlinkRequest request =
                NetlinkRequest.link("set " + device + " up", NetlinkRequest.RTM_NEWLINK, 0, index, true);
        if (ipv6) {
            int families = request.begin(IFLA_AF_SPEC);
            int inet6 = request.begin(NetlinkRequest.AF_INET6);
            request.flag(IFLA_INET6_ADDR_GEN_MODE, IN6_ADDR_GEN_MODE_NONE);
            request.end(inet6).end(families);
        }
        netlink.request(request);
        return index;
    }

    /**
     * Everything goes to the bridge's address, neighbours included: the address has its network's prefix for
     * applications to see, but no route of it.
     */
    private void setUp(Netlink inside) {
        int index = setUpWithoutLinkLocal(inside, NAME);
        NetlinkRequest address = NetlinkRequest.address(
                "address of eth0", place.address4(), layout.prefixBits(), index, IFA_F_PERMANENT | IFA_F_NOPREFIXROUTE);
        inside.request(Addresses.local(address, place.address4())
                .bytes(Addresses.IFA_BROADCAST, Addresses.broadcast(layout.bridge4(), layout.prefixBits())));
        addRoutes(inside, index, layout.bridge4(), place.address4());
        if (ipv6) {
            addAddress6(inside, index, place.linkLocal(), 64, IFA_F_NODAD | IFA_F_PERMANENT);
            addAddress6(inside, index, place.address6(), 64, IFA_F_NODAD | IFA_F_PERMANENT | IFA_F_NOPREFIXROUTE);
            addRoutes(inside, index, layout.bridge6(), place.address6());
        }
    }

    private static void addAddress6(Netlink inside, int index, InetAddress address, int prefixBits, int flags) {
        inside.request(Addresses.local(
                NetlinkRequest.address("IPv6 address of eth0", address, prefixBits, index, flags), address));
    }

    private static void addRoutes(Netlink inside, int index, InetAddress gateway, InetAddress source) {
        int family = NetlinkRequest.family(gateway);
        int allBits = 8 * gateway.getAddress().length;
        inside.request(NetlinkRequest.route("route to " + gateway.getHostAddress(), family, allBits, RT_SCOPE_LINK)
                .bytes(RTA_DST, gateway.getAddress())
                .number(RTA_OIF, index)
                .bytes(RTA_PREFSRC, source.getAddress()));
        inside.request(
                NetlinkRequest.route("default route by " + gateway.getHostAddress(), family, 0, RT_SCOPE_UNIVERSE)
                        .number(RTA_OIF, index)
                        .bytes(RTA_GATEWAY, gateway.getAddress())
                        .bytes(RTA_PREFSRC, source.getAddress()));
    }
}
