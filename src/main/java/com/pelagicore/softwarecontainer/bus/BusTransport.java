package com.pelagicore.softwarecontainer.bus;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * A connected byte stream to a message bus. One thread reads while another writes; writers take turns outside.
 * Buffers are direct. Failures are {@code SoftwareContainerException}.
 */
public interface BusTransport extends AutoCloseable {

    /**
     * Waits for bytes and adds at least one to the buffer, which has room.
     *
     * @param files takes the files that came along; they belong to the message of the last byte
     * @return false at the end of the stream, also after {@link #close}
     * @throws com.pelagicore.softwarecontainer.error.SoftwareContainerException TIMED_OUT, HOST_REFUSED
     */
    boolean read(ByteBuffer target, Consumer<PassedFile> files);

    /**
     * Writes all remaining bytes.
     *
     * @param files go along with the first byte, and stay open here
     * @throws com.pelagicore.softwarecontainer.error.SoftwareContainerException TIMED_OUT if the peer does not
     *     take them, HOST_REFUSED if it is gone; then nobody knows how much was written
     */
    void write(ByteBuffer source, List<PassedFile> files);

    /** How long {@link #read} waits; zero: without end, as it is at first. */
    void readTimeout(Duration timeout);

    /** Ends reads and writes of other threads too. Closed already: nothing. */
    @Override
    void close();
}
