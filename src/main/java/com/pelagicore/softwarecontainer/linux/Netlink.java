package com.pelagicore.softwarecontainer.linux;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Optional;

/** A routing socket in the network namespace of the thread that opened it. One thread. */
final class Netlink implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int MAX_ANSWER = 64 * 1024;
    private static final int NLMSG_ERROR = 2;
    private static final int HEADER = 16;
    private static final int LINK_HEADER = HEADER + 16;

    private static final int IFLA_ADDRESS = 1;
    private static final int IFLA_IFNAME = 3;

    /**
     * A network device.
     *
     * @param hardwareAddress empty if it has none
     */
    record Link(int index, boolean up, String hardwareAddress) {}

    private final Descriptor socket = SocketCalls.openNetlink();
    private final ByteBuffer answer = ByteBuffer.allocateDirect(MAX_ANSWER).order(ByteOrder.nativeOrder());

    Netlink() {
        SocketCalls.timeout(socket, SocketCalls.SO_RCVTIMEO, TIMEOUT);
    }

    /** Does it, or throws what the kernel said. */
    void request(NetlinkRequest request) {
        int errno = send(request);
        if (errno != 0) {
            throw Errno.refused(request.toString(), errno);
        }
    }

    Optional<Link> link(String name) {
        NetlinkRequest request = NetlinkRequest.link("get link " + name, NetlinkRequest.RTM_GETLINK, 0, 0, false)
                .text(IFLA_IFNAME, name);
        exchange(request);
        int type = answer.getShort(4);
        if (type == NLMSG_ERROR) {
            int errno = -answer.getInt(HEADER);
            if (errno == Errno.ENODEV) {
                return Optional.empty();
            }
            throw Errno.refused(request.toString(), errno);
        }
        Link link = new Link(
                answer.getInt(HEADER + 4), (answer.getInt(HEADER + 8) & NetlinkRequest.IFF_UP) != 0, hardwareAddress());
        receive(request);
        return Optional.of(link);
    }

    /** Removes a device; none of that name: nothing. */
    void deleteLink(String name) {
        NetlinkRequest request = NetlinkRequest.link("delete link " + name, NetlinkRequest.RTM_DELLINK, 0, 0, false)
                .text(IFLA_IFNAME, name);
        int errno = send(request);
        if (errno != 0 && errno != Errno.ENODEV) {
            throw Errno.refused(request.toString(), errno);
        }
    }

    /** As {@link #request}, but it may be gone already. */
    void removeAddress(NetlinkRequest request) {
        int errno = send(request);
        if (errno != 0 && errno != Errno.EADDRNOTAVAIL) {
            throw Errno.refused(request.toString(), errno);
        }
    }

    private String hardwareAddress() {
        int end = answer.getInt(0);
        int position = LINK_HEADER;
        while (position + 4 <= end) {
            int length = answer.getShort(position) & 0xffff;
            if (answer.getShort(position + 2) == IFLA_ADDRESS) {
                return text(position + 4, length - 4);
            }
            position += (Math.max(length, 4) + 3) & ~3;
        }
        return "";
    }

    private String text(int position, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(i == 0 ? "" : ":").append(String.format("%02x", answer.get(position + i) & 255));
        }
        return text.toString();
    }

    /** Zero or the errno. */
    private int send(NetlinkRequest request) {
        exchange(request);
        return -answer.getInt(HEADER);
    }

    private void exchange(NetlinkRequest request) {
        if (!SocketCalls.send(socket, request.bytes())) {
            throw new SoftwareContainerException(ErrorKind.TIMED_OUT, request + ": not sent in time");
        }
        receive(request);
    }

    private void receive(NetlinkRequest request) {
        answer.clear();
        if (!SocketCalls.receive(socket, answer) || answer.position() < HEADER + 4) {
            throw new SoftwareContainerException(ErrorKind.HOST_REFUSED, request + ": the answer is cut off");
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
