package com.pelagicore.softwarecontainer.bus;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Cuts the byte stream into messages. Allocates only after the lengths in a message were checked; of a message
 * over the limit, or a large one that is not wanted, the body is read and dropped, so that the stream stays in step.
 * For one thread.
 */
final class FrameReader implements AutoCloseable {

    private static final int BUFFER = 64 * 1024;

    /** D-Bus specification, "Message Format". */
    private static final long MAXIMUM_HEADER = 64L * 1024 * 1024;

    private static final long MAXIMUM_MESSAGE = 128L * 1024 * 1024;
    /** Bytes from which on it is worth asking whether the body is wanted. */
    static final int LARGE = 16 * 1024;

    private static final byte[] NOTHING = new byte[0];

    private final BusTransport transport;
    private final int limit;
    private final Predicate<Frame> wanted;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER).limit(0);
    private final ArrivedFiles files = new ArrivedFiles();
    /** Bytes read from the transport so far. */
    private long received;

    /** @param limit size of the largest message that is kept whole */
    FrameReader(BusTransport transport, int limit) {
        this(transport, limit, frame -> true);
    }

    /**
     * @param limit size of the largest message that is kept whole
     * @param wanted whether a large message is to be kept whole; gets its header
     */
    FrameReader(BusTransport transport, int limit, Predicate<Frame> wanted) {
        this.transport = transport;
        this.limit = limit;
        this.wanted = wanted;
    }

    /**
     * Waits for the next message whose header is within the limit.
     *
     * @return empty at the end of the stream
     * @throws SoftwareContainerException HOST_REFUSED if the stream is not D-Bus; it cannot be read on
     */
    Optional<Frame> next() {
        while (await(Frame.PREFIX)) {
            long start = received - buffer.remaining();
            byte[] fixed = new byte[Frame.FIXED];
            buffer.get(fixed).order(order(fixed));
            long headerLength = Integer.toUnsignedLong(buffer.getInt());
            long paddedHeader = (headerLength + 7) & ~7L;
            long bodyLength = Integer.toUnsignedLong(
                    ByteBuffer.wrap(fixed).order(buffer.order()).getInt(4));
            long size = Frame.PREFIX + paddedHeader + bodyLength;
            if (headerLength > MAXIMUM_HEADER || size > MAXIMUM_MESSAGE) {
                throw notDBus("a message of " + size + " bytes");
            }
            if (Frame.PREFIX + paddedHeader > limit) {
                discard(paddedHeader + bodyLength);
                files.take(start + size).forEach(PassedFile::close);
                continue;
            }
            byte[] header = header((int) headerLength, (int) paddedHeader);
            boolean whole = isKept(new Frame(fixed, header, NOTHING, size, false, List.of()));
            byte[] body = whole ? body((int) bodyLength) : NOTHING;
            if (!whole) {
                discard(bodyLength);
            }
            return Optional.of(new Frame(fixed, header, body, size, whole, files.take(start + size)));
        }
        return Optional.empty();
    }

    private static ByteOrder order(byte[] fixed) {
        if ((fixed[0] != 'l' && fixed[0] != 'B') || fixed[3] != 1) {
            throw notDBus("bytes that begin no message");
        }
        return fixed[0] == 'l' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
    }

    private byte[] header(int length, int paddedLength) {
        byte[] header = new byte[8 + paddedLength];
        ByteBuffer.wrap(header).order(buffer.order()).putInt(length);
        fill(header, 8);
        return header;
    }

    private boolean isKept(Frame frame) {
        return frame.size() <= limit && (frame.size() < LARGE || wanted.test(frame));
    }

    private byte[] body(int length) {
        byte[] body = new byte[length];
        fill(body, 0);
        return body;
    }

    private void fill(byte[] target, int start) {
        for (int position = start; position < target.length; ) {
            int count = Math.min(target.length - position, available());
            buffer.get(target, position, count);
            position += count;
        }
    }

    private void discard(long length) {
        for (long remaining = length; remaining > 0; ) {
            int count = (int) Math.min(remaining, available());
            buffer.position(buffer.position() + count);
            remaining -= count;
        }
    }

    /** Bytes in the buffer, at least one; for the inside of a message. */
    private int available() {
        if (!buffer.hasRemaining() && !await(1)) {
            throw notDBus("part of a message");
        }
        return buffer.remaining();
    }

    private boolean await(int count) {
        if (buffer.remaining() >= count) {
            return true;
        }
        buffer.compact();
        while (buffer.position() < count) {
            int before = buffer.position();
            if (!transport.read(buffer, files::add)) {
                buffer.flip();
                return false;
            }
            received += buffer.position() - before;
            files.arrived(received);
        }
        buffer.flip();
        return true;
    }

    /** Closes files of messages that nobody asked for. */
    @Override
    public void close() {
        files.take(Long.MAX_VALUE).forEach(PassedFile::close);
    }

    private static SoftwareContainerException notDBus(String what) {
        return new SoftwareContainerException(ErrorKind.HOST_REFUSED, "the bus sent " + what);
    }
}
