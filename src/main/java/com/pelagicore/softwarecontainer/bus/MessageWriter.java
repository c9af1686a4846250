package com.pelagicore.softwarecontainer.bus;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.ObjIntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends messages, each in one write unless it is large, from any thread. Waits for a slow bus instead of
 * queueing; a bus that takes nothing within the transport's deadline is lost. After that messages are dropped.
 */
final class MessageWriter {

    private static final Logger LOG = LoggerFactory.getLogger(MessageWriter.class);
    private static final int BUFFER = 64 * 1024;

    private final BusTransport transport;
    private final Consumer<String> lost;
    private final ObjIntConsumer<String> sent;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
    private final AtomicInteger lastSerial = new AtomicInteger();
    private boolean usable = true;

    /**
     * @param lost told the reason when writing fails
     * @param sent told who was sent how many bytes alone, see {@link OutgoingMessage#receiver}
     */
    MessageWriter(BusTransport transport, Consumer<String> lost, ObjIntConsumer<String> sent) {
        this.transport = transport;
        this.lost = lost;
        this.sent = sent;
    }

    /** A serial that this connection has not used before: unsigned, and 0 is none. */
    int newSerial() {
        return lastSerial.updateAndGet(last -> last == -1 ? 1 : last + 1);
    }

    /** False: it was dropped. */
    boolean send(OutgoingMessage message) {
        return send(newSerial(), message);
    }

    /** The same with a serial that was reserved. */
    boolean send(int serial, OutgoingMessage message) {
        byte[] bytes = message.bytes(serial);
        Optional<String> failure;
        synchronized (this) {
            if (!usable) {
                return false;
            }
            failure = write(bytes, message.files());
            usable = failure.isEmpty();
        }
        failure.ifPresentOrElse(lost, () -> sent.accept(message.receiver(), bytes.length));
        return failure.isEmpty();
    }

    void reply(IncomingMessage call, String signature, Reply reply) {
        if (!call.wantsReply()) {
            return;
        }
        OutgoingMessage message;
        try {
            message = OutgoingMessage.reply(call, signature, reply.values());
        } catch (IllegalArgumentException e) {
            LOG.error("the result of {} cannot be sent", call.name(), e);
            error(call, BusError.internal());
            return;
        }
        send(message);
    }

    void error(IncomingMessage call, BusError error) {
        if (call.wantsReply()) {
            send(OutgoingMessage.error(call, error));
        }
    }

    /** In parts only if it is large: direct memory that is allocated per message would run out. The reason of a failure. */
    private Optional<String> write(byte[] message, List<PassedFile> files) {
        try {
            for (int start = 0; start < message.length; start += BUFFER) {
                int count = Math.min(BUFFER, message.length - start);
                transport.write(buffer.clear().put(message, start, count).flip(), start == 0 ? files : List.of());
            }
            return Optional.empty();
        } catch (RuntimeException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }
}
