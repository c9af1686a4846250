package com.pelagicore.softwarecontainer.bus;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
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
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
    private final AtomicInteger lastSerial = new AtomicInteger();
    private boolean usable = true;

    /** @param lost told the reason when writing fails */
    MessageWriter(BusTransport transport, Consumer<String> lost) {
        this.transport = transport;
        this.lost = lost;
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
        String reason;
        synchronized (this) {
            if (!usable) {
                return false;
            }
            try {
                write(bytes, message.files());
                return true;
            } catch (RuntimeException e) {
                usable = false;
                reason = String.valueOf(e.getMessage());
            }
        }
        lost.accept(reason);
        return false;
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

    /** In parts only if it is large: direct memory that is allocated per message would run out. */
    private void write(byte[] message, List<PassedFile> files) {
        for (int start = 0; start < message.length; start += BUFFER) {
            int count = Math.min(BUFFER, message.length - start);
            transport.write(buffer.clear().put(message, start, count).flip(), start == 0 ? files : List.of());
        }
    }
}
