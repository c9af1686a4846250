package com.pelagicore.softwarecontainer.linux;

import com.pelagicore.softwarecontainer.config.NetworkConfig;
import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Names and addresses of one bridge and its containers, all calculated: two agents, or an agent and its
 * successor, come to the same.
 *
 * @param bridge device name
 * @param bridgeIp as a number
 */
record NetworkLayout(String bridge, int bridgeIp, int prefixBits) {

    /** Locally administered, unicast, as all of these; the other four bytes are the IPv4 address. */
    private static final String BRIDGE_MAC = "c2:53";

    static final String TABLE_PREFIX = "softwarecontainer_";

    private static final String CONTAINER_MAC = "c2:54";

    /** Higher than those of other ports: a bridge without an address of its own takes the lowest. */
    private static final String PORT_MAC = "fe:55";

    private static final int MAX_DEVICE_NAME = 15;

    /**
     * One container's place.
     *
     * @param device on the host's side
     * @param mac of the container's side
     * @param address6 unique local (RFC 4193), its last 32 bits are the IPv4 address
     * @param linkLocal by EUI-64 of the MAC
     */
    record Place(
            int container,
            String device,
            String portMac,
            String mac,
            InetAddress address4,
            InetAddress address6,
            InetAddress linkLocal) {}

    static NetworkLayout of(NetworkConfig config) {
        return new NetworkLayout(config.bridgeDevice(), number(config.bridgeIp()), config.netmaskBits());
    }

    /** The same network on another bridge. */
    NetworkLayout of(String otherBridge) {
        return new NetworkLayout(otherBridge, bridgeIp, prefixBits);
    }

    /** The host-side device of a container. */
    String device(int container) {
        String name = "sc" + container + suffix();
        return name.substring(0, Math.min(name.length(), MAX_DEVICE_NAME));
    }

    /** Name of the nftables tables. */
    String table() {
        return TABLE_PREFIX + bridge;
    }

    String bridgeMac() {
        return mac(BRIDGE_MAC, bridgeIp);
    }

    InetAddress bridge4() {
        return address(ipv4(bridgeIp));
    }

    InetAddress bridge6() {
        return address(ipv6(bridgeIp));
    }

    /** The end of each host-side device's name: differs from bridge to bridge. */
    private String suffix() {
        return "-" + HexFormat.of().formatHex(hash(bridge), 0, 4);
    }

    /** The group of all devices that are made for this bridge; never 0, the one of all others. */
    int group() {
        return ByteBuffer.wrap(hash(bridge)).getInt() | Integer.MIN_VALUE;
    }

    /**
     * The place of a container: bridge address + id + 1.
     *
     * @throws SoftwareContainerException LIMIT_EXCEEDED if that is beyond the network or its broadcast address
     */
    Place place(int container) {
        long network = Integer.toUnsignedLong(bridgeIp) & -1L << (32 - prefixBits);
        long broadcast = network + (1L << (32 - prefixBits)) - 1;
        long address = Integer.toUnsignedLong(bridgeIp) + container + 1;
        if (address >= broadcast) {
            throw new SoftwareContainerException(
                    ErrorKind.LIMIT_EXCEEDED,
                    "There is no address for container " + container + ": the network of bridge '" + bridge + "', "
                            + bridge4().getHostAddress() + "/" + prefixBits + ", has "
                            + Math.max(0, broadcast - Integer.toUnsignedLong(bridgeIp) - 1) + " for containers");
        }
        int ip = (int) address;
        String mac = mac(CONTAINER_MAC, ip);
        return new Place(
                container,
                device(container),
                mac(PORT_MAC, ip),
                mac,
                address(ipv4(ip)),
                address(ipv6(ip)),
                address(linkLocal(mac)));
    }

    /** Whether there is such a device, and it has the address that only we give. */
    static boolean hasMac(String device, String mac) {
        try (Netlink netlink = new Netlink()) {
            return netlink.hardwareAddress(device)
                    .filter(found -> Arrays.equals(found, macBytes(mac)))
                    .isPresent();
        }
    }

    static byte[] macBytes(String mac) {
        return HexFormat.ofDelimiter(":").parseHex(mac);
    }

    private static String mac(String prefix, int ip) {
        return prefix + ":" + HexFormat.ofDelimiter(":").formatHex(ipv4(ip));
    }

    private static byte[] ipv4(int ip) {
        return ByteBuffer.allocate(4).putInt(ip).array();
    }

    /** fd, 40 bits that depend on bridge and network, subnet 0. */
    private byte[] ipv6(int ip) {
        byte[] global = hash(bridge + " " + bridge4().getHostAddress() + "/" + prefixBits);
        return ByteBuffer.allocate(16)
                .put((byte) 0xfd)
                .put(global, 0, 5)
                .putInt(12, ip)
                .array();
    }

    private static byte[] linkLocal(String mac) {
        byte[] bytes = macBytes(mac);
        byte[] address = new byte[16];
        address[0] = (byte) 0xfe;
        address[1] = (byte) 0x80;
        System.arraycopy(bytes, 0, address, 8, 3);
        address[8] ^= 2;
        address[11] = (byte) 0xff;
        address[12] = (byte) 0xfe;
        System.arraycopy(bytes, 3, address, 13, 3);
        return address;
    }

    private static int number(String dottedQuad) {
        byte[] bytes = new byte[4];
        String[] parts = dottedQuad.split("\\.", -1);
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) Integer.parseInt(parts[i]);
        }
        return ByteBuffer.wrap(bytes).getInt();
    }

    private static InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(Arrays.toString(bytes), e);
        }
    }

    private static byte[] hash(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
