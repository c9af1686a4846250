package com.pelagicore.softwarecontainer.linux;

import java.net.InetAddress;

/** Attributes of address messages; linux/if_addr.h. */
final class Addresses {

    static final int IFA_BROADCAST = 4;

    private static final int IFA_ADDRESS = 1;
    private static final int IFA_LOCAL = 2;

    private Addresses() {}

    static NetlinkRequest local(NetlinkRequest request, InetAddress address) {
        return request.bytes(IFA_LOCAL, address.getAddress()).bytes(IFA_ADDRESS, address.getAddress());
    }

    /** The last address of an IPv4 network. */
    static byte[] broadcast(InetAddress address, int prefixBits) {
        byte[] bytes = address.getAddress();
        for (int bit = prefixBits; bit < 8 * bytes.length; bit++) {
            bytes[bit / 8] |= (byte) (128 >> bit % 8);
        }
        return bytes;
    }
}
