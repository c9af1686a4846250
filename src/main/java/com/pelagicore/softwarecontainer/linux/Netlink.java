package com.pelagicore.softwarecontainer.linux;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;

/** A routing socket in the network namespace of the thread that opened it. One thread. */
final class Netlink implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int MAX_ANSWER = 64 * 1024;
    private static final int NLMSG_ERROR = 2;
    private static final int HEADER = 16;
    /** struct ifinfomsg, behind the header of an answer about a link. */
    private static final int INTERFACE_INFO = 16;

    private static final int IFLA_ADDRESS = 1;
    private static final int IFLA_IFNAME = 3;
    private static final int IFLA_GROUP = 27;

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

    /** Index of a device. */
    OptionalInt link(String name) {
        return getLink(name, () -> Optional.of(answer.getInt(HEADER + 4)))
                .map(OptionalInt::of)
                .orElse(OptionalInt.empty());
    }

    /** MAC address of a device; java.net.NetworkInterface does not find one that has no IP address. */
    Optional<byte[]> hardwareAddress(String name) {
        return getLink(name, () -> attribute(IFLA_ADDRESS));
    }

    /**
     * Empty: there is none.
     *
     * @param read from the answer, which describes it
     */
    private <T> Optional<T> getLink(String name, Supplier<Optional<T>> read) {
        NetlinkRequest request = NetlinkRequest.link("get link " + name, NetlinkRequest.RTM_GETLINK, 0, 0, false)
                .text(IFLA_IFNAME, name);
        exchange(request);
        if (answer.getShort(4) != NLMSG_ERROR) {
            Optional<T> value = read.get();
            receive(request);
            return value;
        }
        int errno = -answer.getInt(HEADER);
        if (errno == Errno.ENODEV) {
            return Optional.empty();
        }
        throw Errno.refused(request.toString(), errno);
    }

    /** Of the link in the answer; each is rtnetlink(7) struct rtattr and its value, padded to four bytes. */
    private Optional<byte[]> attribute(int type) {
        for (int at = HEADER + INTERFACE_INFO; at + 4 <= answer.position(); ) {
            int length = Short.toUnsignedInt(answer.getShort(at));
            if (length < 4 || at + length > answer.position()) {
                return Optional.empty();
            }
            if (answer.getShort(at + 2) == type) {
                byte[] value = new byte[length - 4];
                answer.get(at + 4, value);
                return Optional.of(value);
            }
            at += (length + 3) & ~3;
        }
        return Optional.empty();
    }

    /** Sets a device down: nothing passes any more; none of that name: nothing. */
    void setDown(String name) {
        requestIfThere(NetlinkRequest.down("set " + name + " down").text(IFLA_IFNAME, name));
    }

    /** Sets all devices of a group down; none: nothing. */
    void setDown(int group) {
        requestIfThere(NetlinkRequest.down("set links down").number(IFLA_GROUP, group));
    }

    /** Removes a device; none of that name: nothing. */
    void deleteLink(String name) {
        requestIfThere(NetlinkRequest.link("delete link " + name, NetlinkRequest.RTM_DELLINK, 0, 0, false)
                .text(IFLA_IFNAME, name));
    }

    /** Removes all devices of a group at once, which takes hardly longer than one; none: nothing. */
    void deleteLinks(int group) {
        requestIfThere(NetlinkRequest.link("delete links", NetlinkRequest.RTM_DELLINK, 0, 0, false)
                .number(IFLA_GROUP, group));
    }

    private void requestIfThere(NetlinkRequest request) {
        int errno = send(request);
        if (errno != 0 && errno != Errno.ENODEV) {
            throw Errno.refused(request.toString(), errno);
        }
    }

    /** As {@link #request}, but it may be there already. */
    void addAddress(NetlinkRequest request) {
        int errno = send(request);
        if (errno != 0 && errno != Errno.EEXIST) {
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
