package com.pelagicore.softwarecontainer.linux;

import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/** A Unix datagram socket at a path, in the place of a service manager or the journal. */
public final class DatagramReceiver implements AutoCloseable {

    private static final int SOCK_DGRAM = 2;
    private static final int EAGAIN = 11;

    static {
        Native.register(DatagramReceiver.class, "c");
    }

    private final Descriptor socket;
    private final byte[] buffer = new byte[1 << 20];

    private DatagramReceiver(byte[] name) {
        socket = new Descriptor(LinkCalls.socket(LinkCalls.AF_UNIX, SOCK_DGRAM | LinkCalls.SOCK_CLOEXEC, 0));
        byte[] address = ByteBuffer.allocate(Short.BYTES + name.length)
                .order(ByteOrder.nativeOrder())
                .putShort((short) LinkCalls.AF_UNIX)
                .put(name)
                .array();
        if (bind(socket.number(), address, address.length) < 0) {
            throw Errno.refused("bind");
        }
    }

    public static DatagramReceiver at(Path path) {
        return new DatagramReceiver((path + "\0").getBytes(StandardCharsets.UTF_8));
    }

    static DatagramReceiver atAbstract(String name) {
        return new DatagramReceiver(("\0" + name).getBytes(StandardCharsets.UTF_8));
    }

    /** The next datagram; empty if none comes in time. */
    public Optional<byte[]> next(Duration patience) {
        SocketCalls.timeout(socket, SocketCalls.SO_RCVTIMEO, patience);
        int length =
                recv(socket.number(), buffer, new NativeLong(buffer.length), 0).intValue();
        if (length < 0 && Errno.last() != EAGAIN) {
            throw Errno.refused("recv");
        }
        return length < 0 ? Optional.empty() : Optional.of(Arrays.copyOf(buffer, length));
    }

    /** The next datagram as text. */
    public String text() {
        return new String(
                next(Duration.ofSeconds(30)).orElseThrow(() -> new AssertionError("no datagram came")),
                StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        socket.close();
    }

    private static native int bind(int socket, byte[] address, int length);

    private static native NativeLong recv(int socket, byte[] buffer, NativeLong length, int flags);
}
