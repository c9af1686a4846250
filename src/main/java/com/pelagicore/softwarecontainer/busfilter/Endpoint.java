package com.pelagicore.softwarecontainer.busfilter;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** One of the two sockets of a connection, with what came from it and what is to go to it. */
final class Endpoint {

    /** A message may have as many (libdbus has the same limit); they have to come with it. */
    static final int MAXIMUM_DESCRIPTORS = 16;

    private static final int INITIAL = 16 * 1024;
    private static final int LARGER = 4;

    private final FilterSocket socket;
    private final int maximum;
    private final Deque<PassedDescriptor> descriptors = new ArrayDeque<>();
    private final OutputQueue output = new OutputQueue();
    private final List<ByteBuffer> inserted = new ArrayList<>();
    private ByteBuffer input = ByteBuffer.allocateDirect(INITIAL);
    private boolean insideMessage;
    private Events.Handler handler = (readable, writable) -> {};
    /** Was reported without having been looked for, and cannot be read for lack of room. */
    private boolean broken;

    private boolean paused;
    private boolean reading = true;
    private boolean writing;

    /** @param maximum size of a message that can be had whole; at least that of headers */
    Endpoint(FilterSocket socket, int maximum) {
        this.socket = socket;
        this.maximum = maximum;
    }

    FilterSocket socket() {
        return socket;
    }

    OutputQueue output() {
        return output;
    }

    /** The largest message that can be had whole. */
    int maximum() {
        return maximum;
    }

    /** Begins to read. */
    void watch(Events events, Events.Handler newHandler) {
        handler = newHandler;
        events.watch(socket, handler);
    }

    /** Reads once; false: the end of the stream. */
    boolean receive() {
        if (!input.hasRemaining() && input.capacity() < maximum + INITIAL) {
            int larger = Math.min(maximum + INITIAL, LARGER * input.capacity());
            input = ByteBuffer.allocateDirect(larger).put(input.flip());
        }
        if (!input.hasRemaining()) {
            broken = !reading;
            return true;
        }
        int count = socket.receive(input, descriptors::add);
        if (descriptors.size() > 2 * MAXIMUM_DESCRIPTORS) {
            throw new MalformedStream("more descriptors than messages can have");
        }
        return count != FilterSocket.END;
    }

    /** What came, to be read; {@link #consumed} has to follow. */
    ByteBuffer unread() {
        return input.flip();
    }

    /** Keeps what was not read. */
    void consumed() {
        boolean all = !input.hasRemaining();
        input.compact();
        if (all && input.capacity() > INITIAL) {
            input = ByteBuffer.allocateDirect(INITIAL);
        }
    }

    /** The descriptors of the message that begins. */
    List<PassedDescriptor> take(int count) {
        if (count > MAXIMUM_DESCRIPTORS || count > descriptors.size()) {
            throw new MalformedStream(
                    "a message with " + count + " descriptors of which " + descriptors.size() + " came");
        }
        List<PassedDescriptor> taken = new ArrayList<>();
        while (taken.size() < count) {
            taken.add(descriptors.remove());
        }
        return taken;
    }

    /** Descriptors that belong to no message would pile up. */
    void requireNoDescriptors() {
        if (!descriptors.isEmpty()) {
            throw new MalformedStream("descriptors that belong to no message");
        }
    }

    void beginMessage(ByteBuffer header, List<PassedDescriptor> passed) {
        insideMessage = true;
        output.add(header, passed);
    }

    void endMessage() {
        insideMessage = false;
        inserted.forEach(message -> output.add(message, List.of()));
        inserted.clear();
    }

    /** Sends a message of the filter's own, between two others. */
    void insert(ByteBuffer message) {
        if (insideMessage) {
            inserted.add(message);
        } else {
            output.add(message, List.of());
        }
    }

    /** Whether it is to be read from, as to what is to be sent to it. */
    boolean isCongested() {
        return output.isFull() || !inserted.isEmpty();
    }

    void updateInterest(Events events, boolean read) {
        boolean write = output.size() > 0;
        if (broken && !read && !write) {
            // it would be reported again and again
            events.forget(socket);
            paused = true;
            writing = false;
        } else if (read != reading || write != writing) {
            if (paused) {
                events.watch(socket, handler);
                paused = false;
            }
            events.interest(socket, read, write);
            reading = read;
            writing = write;
        }
        broken = false;
    }

    void close(Events events) {
        events.forget(socket);
        output.clear();
        descriptors.forEach(PassedDescriptor::close);
        descriptors.clear();
        socket.close();
    }
}
