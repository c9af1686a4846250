package com.pelagicore.softwarecontainer.busfilter;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/** Messages from one endpoint to the other: decided on by their header, and passed on as they come. */
final class Pipe {

    /** Decides, and answers what does not pass. */
    interface Gate {

        /** Whether {@link #passes} needs the whole message. */
        boolean needsBody(MessageHeader header);

        /**
         * Decides about a message.
         *
         * @param message begins at its position; the whole of it only if {@link #needsBody}
         */
        boolean passes(MessageHeader header, ByteBuffer message);

        /** Of a message that {@link #needsBody} and is too large. */
        void refuseTooLarge(MessageHeader header);
    }

    private final Endpoint from;
    private final Endpoint to;
    private final Gate gate;
    private long toForward;
    private long toDiscard;

    Pipe(Endpoint from, Endpoint to, Gate gate) {
        this.from = from;
        this.to = to;
        this.gate = gate;
    }

    /** Whether a peer that takes nothing keeps messages from being passed on. */
    boolean isBlocked() {
        return to.output().isFull() || from.isCongested();
    }

    /**
     * Passes on as much as is there and the receiver takes.
     *
     * @return whether something was held back, to be tried again when the pipe is no longer blocked
     */
    boolean pump() {
        ByteBuffer data = from.unread();
        try {
            boolean goesOn = true;
            while (goesOn && data.hasRemaining() && !isBlocked()) {
                goesOn = step(data);
            }
            if (!data.hasRemaining() && toForward == 0 && toDiscard == 0) {
                from.requireNoDescriptors();
            }
            return goesOn && data.hasRemaining();
        } finally {
            from.consumed();
        }
    }

    private boolean step(ByteBuffer data) {
        if (toForward > 0) {
            ByteBuffer part = part(data, toForward);
            toForward -= part.remaining();
            to.output().add(part, List.of());
            endIfComplete();
            return true;
        }
        if (toDiscard > 0) {
            toDiscard -= part(data, toDiscard).remaining();
            return true;
        }
        Optional<MessageHeader> header = HeaderParser.parse(data);
        return header.isPresent() && begin(header.get(), data);
    }

    /** False: more bytes are needed. */
    private boolean begin(MessageHeader header, ByteBuffer data) {
        boolean whole = data.remaining() >= header.size();
        boolean passes;
        if (!gate.needsBody(header) || whole) {
            passes = gate.passes(header, data);
        } else if (header.size() <= from.maximum()) {
            return false;
        } else {
            gate.refuseTooLarge(header);
            passes = false;
        }
        List<PassedDescriptor> descriptors = from.take(header.descriptors());
        if (passes) {
            to.beginMessage(part(data, header.headerSize()), descriptors);
            toForward = header.bodySize();
            endIfComplete();
        } else {
            descriptors.forEach(PassedDescriptor::close);
            toDiscard = header.size();
        }
        return true;
    }

    private void endIfComplete() {
        if (toForward == 0) {
            to.endMessage();
        }
    }

    /** Takes as much of the data as is there, but not more than {@code length}. */
    private static ByteBuffer part(ByteBuffer data, long length) {
        int count = (int) Math.min(length, data.remaining());
        ByteBuffer part = data.slice(data.position(), count);
        data.position(data.position() + count);
        return part;
    }
}
