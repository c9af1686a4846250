package com.pelagicore.softwarecontainer.linux;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import com.pelagicore.softwarecontainer.supervision.DatagramTarget;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * A Unix datagram socket for one receiver, which the JDK does not have. Not connected: the receiver may come anew
 * under its name.
 */
public final class UnixDatagram implements DatagramTarget {

    private static final int SOCK_DGRAM = 2;
    private static final int SO_SNDBUFFORCE = 32;

    /** As sd_journal_send(3) asks for, so that stack traces fit. */
    private static final int SEND_BUFFER = 8 * 1024 * 1024;

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** {@code sun_path} of unix(7). */
    private static final int MAX_NAME = 107;

    static {
        Native.register(UnixDatagram.class, "c");
    }

    private final Descriptor socket;
    private final String name;
    private final byte[] address;

    private UnixDatagram(Descriptor socket, String name, byte[] address) {
        this.socket = socket;
        this.name = name;
        this.address = address;
    }

    /**
     * Opens a socket for as long as the process lives; that nobody listens shows in {@link #send}.
     *
     * @param name absolute path, or {@code @} and an abstract name
     * @throws SoftwareContainerException INVALID_ARGUMENT: neither; HOST_REFUSED
     */
    public static UnixDatagram to(String name) {
        byte[] address = address(name);
        int opened = LinkCalls.socket(LinkCalls.AF_UNIX, SOCK_DGRAM | LinkCalls.SOCK_CLOEXEC, 0);
        if (opened < 0) {
            throw Errno.refused("socket(AF_UNIX, SOCK_DGRAM)");
        }
        Descriptor socket = new Descriptor(opened);
        SocketCalls.timeout(socket, SocketCalls.SO_SNDTIMEO, PATIENCE);
        ByteBuffer size = ByteBuffer.allocateDirect(Integer.BYTES)
                .order(ByteOrder.nativeOrder())
                .putInt(SEND_BUFFER);
        // Without CAP_NET_ADMIN there is the default, some 200 KiB.
        int ignored = setsockopt(opened, LinkCalls.SOL_SOCKET, SO_SNDBUFFORCE, size.flip(), Integer.BYTES);
        return new UnixDatagram(socket, name, address);
    }

    @Override
    public void send(byte[] datagram) {
        while (true) {
            NativeLong length = new NativeLong(datagram.length);
            long count = sendto(socket.number(), datagram, length, LinkCalls.MSG_NOSIGNAL, address, address.length)
                    .longValue();
            if (count >= 0) {
                return;
            }
            int errno = Errno.last();
            if (errno == Errno.EAGAIN) {
                throw new SoftwareContainerException(
                        ErrorKind.TIMED_OUT, "'" + name + "' took nothing for " + PATIENCE.toSeconds() + " seconds");
            }
            if (errno != Errno.EINTR) {
                throw Errno.refused("sendto(" + name + ")", errno);
            }
        }
    }

    /** {@code struct sockaddr_un}: the family, then a path with a NUL behind, or a NUL and an abstract name. */
    private static byte[] address(String name) {
        boolean isAbstract = name.startsWith("@");
        byte[] bytes = (isAbstract ? name.substring(1) : name).getBytes(StandardCharsets.UTF_8);
        if (!(isAbstract || name.startsWith("/")) || bytes.length == 0 || bytes.length > MAX_NAME) {
            throw new SoftwareContainerException(
                    ErrorKind.INVALID_ARGUMENT,
                    "'" + name + "' is neither an absolute path nor '@' and a name, of at most 107 bytes");
        }
        ByteBuffer address = ByteBuffer.allocate(Short.BYTES + bytes.length + 1).order(ByteOrder.nativeOrder());
        address.putShort((short) LinkCalls.AF_UNIX);
        if (isAbstract) {
            address.put((byte) 0).put(bytes);
        } else {
            address.put(bytes).put((byte) 0);
        }
        return address.array();
    }

    private static native int setsockopt(int socket, int level, int option, ByteBuffer value, int length);

    private static native NativeLong sendto(
            int socket, byte[] data, NativeLong length, int flags, byte[] address, int addressLength);
}
