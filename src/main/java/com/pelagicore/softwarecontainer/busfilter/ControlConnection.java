package com.pelagicore.softwarecontainer.busfilter;

import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The agent at the filter's control socket. */
final class ControlConnection {

    private static final int INITIAL = 16 * 1024;

    private final FilterSocket socket;
    private final Filter filter;
    private final Events events;
    private final OutputQueue output = new OutputQueue();
    private final Deque<PassedDescriptor> descriptors = new ArrayDeque<>();
    private ByteBuffer input = ByteBuffer.allocateDirect(INITIAL);
    private boolean closed;

    ControlConnection(FilterSocket socket, Filter filter, Events events) {
        this.socket = socket;
        this.filter = filter;
        this.events = events;
    }

    void start() {
        events.watch(socket, (readable, writable) -> ready(readable));
    }

    private void ready(boolean readable) {
        boolean connected = !readable || receive();
        if (!closed && (!connected || !output.flush(socket))) {
            close();
        } else if (!closed) {
            events.interest(socket, true, output.size() > 0);
        }
    }

    private boolean receive() {
        if (!input.hasRemaining()) {
            input = ByteBuffer.allocateDirect(2 * input.capacity()).put(input.flip());
        }
        if (socket.receive(input, descriptors::add) == FilterSocket.END) {
            return false;
        }
        input.flip();
        boolean sane = true;
        while (sane && input.remaining() >= 4) {
            int length = input.getInt(input.position());
            sane = length >= 0 && length <= ControlRequest.MAXIMUM;
            if (!sane || input.remaining() - 4 < length) {
                break;
            }
            byte[] content = new byte[input.getInt()];
            input.get(content);
            answer(content);
        }
        input.compact();
        return sane;
    }

    private void answer(byte[] content) {
        String problem = "";
        try {
            filter.serve(ControlRequest.decode(content), descriptors);
        } catch (SoftwareContainerException | IllegalArgumentException e) {
            problem = String.valueOf(e.getMessage());
        }
        output.add(ByteBuffer.wrap(ControlRequest.framed(problem.getBytes(StandardCharsets.UTF_8))), List.of());
    }

    private void close() {
        closed = true;
        events.forget(socket);
        descriptors.forEach(PassedDescriptor::close);
        output.clear();
        socket.close();
        filter.agentGone(this);
    }
}
