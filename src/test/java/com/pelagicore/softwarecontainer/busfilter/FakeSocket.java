package com.pelagicore.softwarecontainer.busfilter;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/** The filter's end of a connection; the test is the peer. */
final class FakeSocket implements FilterSocket {

    /** What came, each with the descriptors that came with it. */
    record Sent(int offset, List<PassedDescriptor> descriptors) {}

    final ByteArrayOutputStream sent = new ByteArrayOutputStream();
    final List<Sent> sentDescriptors = new ArrayList<>();
    boolean closed;

    /** How many bytes the peer still takes. */
    int room = Integer.MAX_VALUE;

    private final Deque<byte[]> input = new ArrayDeque<>();
    private final Deque<PassedDescriptor> inputDescriptors = new ArrayDeque<>();

    void give(byte[] bytes, PassedDescriptor... descriptors) {
        input.add(bytes);
        inputDescriptors.addAll(List.of(descriptors));
    }

    boolean hasInput() {
        return !input.isEmpty();
    }

    @Override
    public int receive(ByteBuffer target, Consumer<PassedDescriptor> descriptors) {
        byte[] next = input.poll();
        if (next == null) {
            return 0;
        }
        while (!inputDescriptors.isEmpty()) {
            descriptors.accept(inputDescriptors.remove());
        }
        int count = Math.min(next.length, target.remaining());
        target.put(next, 0, count);
        if (count < next.length) {
            input.addFirst(Arrays.copyOfRange(next, count, next.length));
        }
        return count;
    }

    @Override
    public int send(ByteBuffer source, List<PassedDescriptor> descriptors) {
        int count = Math.min(room, source.remaining());
        if (count == 0) {
            return 0;
        }
        if (!descriptors.isEmpty()) {
            sentDescriptors.add(new Sent(sent.size(), List.copyOf(descriptors)));
        }
        byte[] bytes = new byte[count];
        source.get(bytes);
        sent.writeBytes(bytes);
        room -= count;
        return count;
    }

    @Override
    public void close() {
        closed = true;
    }
}
