package com.pelagicore.softwarecontainer.busfilter;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Bytes on their way to a socket, with the descriptors that go with some of them. */
final class OutputQueue {

    /** Above this nothing more is read that would be added. */
    static final int HIGH = 64 * 1024;

    /** The same for descriptors: each is one of a process that serves all containers. */
    static final int HIGH_DESCRIPTORS = 2 * Endpoint.MAXIMUM_DESCRIPTORS;

    private static final int INITIAL = 16 * 1024;

    /** @param offset in all bytes ever added; the descriptors go with the byte there */
    private record Parcel(long offset, List<PassedDescriptor> descriptors) {}

    private final Deque<Parcel> parcels = new ArrayDeque<>();
    private ByteBuffer bytes = ByteBuffer.allocateDirect(INITIAL);
    private long sent;
    private int waitingDescriptors;

    int size() {
        return bytes.position();
    }

    boolean isFull() {
        return size() >= HIGH || waitingDescriptors >= HIGH_DESCRIPTORS;
    }

    /** Adds all of {@code source}, and takes the descriptors over. */
    void add(ByteBuffer source, List<PassedDescriptor> descriptors) {
        if (!descriptors.isEmpty()) {
            parcels.add(new Parcel(sent + size(), descriptors));
            waitingDescriptors += descriptors.size();
        }
        if (bytes.remaining() < source.remaining()) {
            int needed = size() + source.remaining();
            bytes = ByteBuffer.allocateDirect(Math.max(needed, 2 * bytes.capacity()))
                    .put(bytes.flip());
        }
        bytes.put(source);
    }

    /** Sends what the socket takes; false: the connection is at its end. */
    boolean flush(FilterSocket socket) {
        bytes.flip();
        try {
            while (bytes.hasRemaining()) {
                int count = sendSome(socket);
                if (count <= 0) {
                    return count == 0;
                }
            }
            return true;
        } finally {
            bytes.compact();
            if (size() == 0 && bytes.capacity() > INITIAL) {
                bytes = ByteBuffer.allocateDirect(INITIAL);
            }
        }
    }

    /** Up to the next byte that has descriptors: it has to be the first of its sendmsg. */
    private int sendSome(FilterSocket socket) {
        Parcel first = parcels.peek();
        boolean withDescriptors = first != null && first.offset() == sent;
        Parcel next = withDescriptors ? parcels.stream().skip(1).findFirst().orElse(null) : first;
        int end = bytes.limit();
        if (next != null) {
            bytes.limit((int) Math.min(end, bytes.position() + next.offset() - sent));
        }
        int count = socket.send(bytes, withDescriptors ? first.descriptors() : List.of());
        bytes.limit(end);
        if (count > 0) {
            sent += count;
            if (withDescriptors) {
                waitingDescriptors -= first.descriptors().size();
                parcels.remove().descriptors().forEach(PassedDescriptor::close);
            }
        }
        return count;
    }

    void clear() {
        parcels.forEach(parcel -> parcel.descriptors().forEach(PassedDescriptor::close));
        parcels.clear();
        waitingDescriptors = 0;
        bytes.clear();
    }
}
