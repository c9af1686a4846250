package com.pelagicore.softwarecontainer.linux;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;

/**
 * System calls on Unix stream and netlink sockets: socket(2), connect(2), recv(2), send(2); unix(7). JNA passes the address
 * of a buffer's position.
 */
final class SocketCalls {

    static final int SO_RCVTIMEO = 20;
    static final int SO_SNDTIMEO = 21;

    private static final short AF_UNIX = 1;
    private static final int SOCK_STREAM = 1;
    private static final short AF_NETLINK = 16;
    private static final int SOCK_RAW = 3;
    private static final int SOCK_CLOEXEC = 02000000;
    private static final int SOL_SOCKET = 1;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int SHUT_RDWR = 2;

    static {
        Native.register(SocketCalls.class, "c");
    }

    private SocketCalls() {}

    static Descriptor open() {
        int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (descriptor < 0) {
            throw Errno.refused("socket(AF_UNIX)");
        }
        return new Descriptor(descriptor);
    }

    /** A socket for rtnetlink(7) of the calling thread's network namespace. */
    static Descriptor openNetlink() {
        int descriptor = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, 0);
        if (descriptor < 0) {
            throw Errno.refused("socket(AF_NETLINK)");
        }
        return new Descriptor(descriptor);
    }

    /**
     * Connects.
     *
     * @param name at most 107 bytes
     * @param description for the error message
     */
    static void connect(Descriptor descriptor, byte[] name, boolean isAbstract, String description) {
        ByteBuffer address = ByteBuffer.allocateDirect(2 + name.length + 1).order(ByteOrder.nativeOrder());
        address.putShort(AF_UNIX);
        if (isAbstract) {
            // Every byte counts in an abstract name: none may follow it.
            address.put((byte) 0).put(name);
        } else {
            address.put(name).put((byte) 0);
        }
        if (connect(descriptor.number(), address.flip(), address.limit()) < 0) {
            throw Errno.refused("connect(" + description + ")");
        }
    }

    /** A {@code struct timeval} of two longs; zero: wait without end. */
    static void timeout(Descriptor descriptor, int option, Duration timeout) {
        ByteBuffer value = ByteBuffer.allocateDirect(2 * Native.LONG_SIZE).order(ByteOrder.nativeOrder());
        if (Native.LONG_SIZE == Long.BYTES) {
            value.putLong(timeout.toSeconds()).putLong(timeout.toNanosPart() / 1000);
        } else {
            value.putInt((int) timeout.toSeconds()).putInt(timeout.toNanosPart() / 1000);
        }
        if (setsockopt(descriptor.number(), SOL_SOCKET, option, value.flip(), value.limit()) < 0) {
            throw Errno.refused("setsockopt(SOL_SOCKET, " + option + ")");
        }
    }

    /**
     * Adds at least one byte to the buffer.
     *
     * @return false at the end of the stream
     */
    static boolean receive(Descriptor descriptor, ByteBuffer target) {
        while (true) {
            int count = recv(descriptor.number(), target.slice(), new NativeLong(target.remaining()), 0)
                    .intValue();
            if (count >= 0) {
                target.position(target.position() + count);
                return count > 0;
            }
            int errno = Errno.last();
            if (errno == Errno.EAGAIN) {
                throw new SoftwareContainerException(ErrorKind.TIMED_OUT, "recv: no data in time");
            }
            if (errno != Errno.EINTR) {
                throw Errno.refused("recv", errno);
            }
        }
    }

    /**
     * Sends at least one byte of the buffer.
     *
     * @return false if the time is over
     */
    static boolean send(Descriptor descriptor, ByteBuffer source) {
        while (true) {
            int count = send(descriptor.number(), source.slice(), new NativeLong(source.remaining()), MSG_NOSIGNAL)
                    .intValue();
            if (count >= 0) {
                source.position(source.position() + count);
                return true;
            }
            int errno = Errno.last();
            if (errno == Errno.EAGAIN) {
                return false;
            }
            if (errno != Errno.EINTR) {
                throw Errno.refused("send", errno);
            }
        }
    }

    static void shutdown(Descriptor descriptor) {
        // Fails only if the peer has gone already.
        int ignored = shutdown(descriptor.number(), SHUT_RDWR);
    }

    private static native int socket(int domain, int type, int protocol);

    private static native int connect(int descriptor, ByteBuffer address, int length);

    private static native int setsockopt(int descriptor, int level, int option, ByteBuffer value, int length);

    private static native NativeLong recv(int descriptor, ByteBuffer buffer, NativeLong length, int flags);

    private static native NativeLong send(int descriptor, ByteBuffer buffer, NativeLong length, int flags);

    private static native int shutdown(int descriptor, int how);
}
