package com.pelagicore.softwarecontainer.linux;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A message for the kernel's routing socket: netlink(7), rtnetlink(7); layouts and numbers of linux/netlink.h,
 * rtnetlink.h, if_link.h, if_addr.h.
 */
final class NetlinkRequest {

    static final int RTM_NEWLINK = 16;
    static final int RTM_DELLINK = 17;
    static final int RTM_GETLINK = 18;
    static final int RTM_NEWADDR = 20;
    static final int RTM_DELADDR = 21;
    static final int RTM_NEWROUTE = 24;

    static final int NLM_F_REQUEST = 1;
    static final int NLM_F_ACK = 4;
    static final int NLM_F_EXCL = 0x200;
    static final int NLM_F_CREATE = 0x400;

    static final int AF_UNSPEC = 0;
    static final int AF_INET = 2;
    static final int AF_INET6 = 10;

    static final int IFF_UP = 1;

    private static final int MAX_BYTES = 1024;
    private static final int ALIGNMENT = 4;

    private final String description;
    private final ByteBuffer message = ByteBuffer.allocateDirect(MAX_BYTES).order(ByteOrder.nativeOrder());

    private NetlinkRequest(String description, int type, int flags) {
        this.description = description;
        message.putInt(0).putShort((short) type).putShort((short) (flags | NLM_F_REQUEST | NLM_F_ACK));
        message.putInt(1).putInt(0);
    }

    /**
     * A message about a network device.
     *
     * @param index 0: chosen by name, or new
     * @param up sets IFF_UP, or leaves the flags alone
     */
    static NetlinkRequest link(String description, int type, int flags, int index, boolean up) {
        NetlinkRequest request = new NetlinkRequest(description, type, flags);
        request.interfaceInfo(index, up);
        return request;
    }

    /** Sets devices down, chosen by name or group. */
    static NetlinkRequest down(String description) {
        NetlinkRequest request = new NetlinkRequest(description, RTM_NEWLINK, 0);
        request.message.putInt(0).putInt(0).putInt(0).putInt(IFF_UP);
        return request;
    }

    /** A new address of a device; {@code flags} of if_addr.h. */
    static NetlinkRequest address(String description, InetAddress address, int prefixBits, int index, int flags) {
        NetlinkRequest request = new NetlinkRequest(description, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL);
        request.message
                .put((byte) family(address))
                .put((byte) prefixBits)
                .put((byte) 0)
                .put((byte) 0)
                .putInt(index);
        return request.number(8, flags);
    }

    /** An address to be removed. */
    static NetlinkRequest removedAddress(String description, InetAddress address, int prefixBits, int index) {
        NetlinkRequest request = new NetlinkRequest(description, RTM_DELADDR, 0);
        request.message.put((byte) family(address)).put((byte) prefixBits).putShort((short) 0);
        request.message.putInt(index);
        return request;
    }

    /** A new unicast route of table main; {@code scope} of rtnetlink.h. */
    static NetlinkRequest route(String description, int family, int prefixBits, int scope) {
        NetlinkRequest request = new NetlinkRequest(description, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL);
        int tableMain = 254;
        int protocolStatic = 4;
        int unicast = 1;
        for (int part : new int[] {family, prefixBits, 0, 0, tableMain, protocolStatic, scope, unicast}) {
            request.message.put((byte) part);
        }
        request.message.putInt(0);
        return request;
    }

    static int family(InetAddress address) {
        return address.getAddress().length == 4 ? AF_INET : AF_INET6;
    }

    /** A {@code struct ifinfomsg}. */
    NetlinkRequest interfaceInfo(int index, boolean up) {
        int flags = up ? IFF_UP : 0;
        message.putInt(0).putInt(index).putInt(flags).putInt(flags);
        return this;
    }

    NetlinkRequest number(int attribute, int value) {
        return bytes(
                attribute,
                ByteBuffer.allocate(4)
                        .order(ByteOrder.nativeOrder())
                        .putInt(value)
                        .array());
    }

    NetlinkRequest flag(int attribute, int value) {
        return bytes(attribute, new byte[] {(byte) value});
    }

    NetlinkRequest text(int attribute, String value) {
        return bytes(attribute, (value + "\0").getBytes(StandardCharsets.US_ASCII));
    }

    NetlinkRequest bytes(int attribute, byte[] value) {
        int start = begin(attribute);
        message.put(value);
        return end(start);
    }

    /** Opens an attribute that holds others, to be closed by {@link #end}. */
    int begin(int attribute) {
        int start = message.position();
        message.putShort((short) 0).putShort((short) attribute);
        return start;
    }

    NetlinkRequest end(int start) {
        message.putShort(start, (short) (message.position() - start));
        while (message.position() % ALIGNMENT != 0) {
            message.put((byte) 0);
        }
        return this;
    }

    /** Ready to be sent. */
    ByteBuffer bytes() {
        message.putInt(0, message.position());
        return message.duplicate().order(ByteOrder.nativeOrder()).flip();
    }

    @Override
    public String toString() {
        return description;
    }
}
