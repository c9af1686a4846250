package com.pelagicore.softwarecontainer.busfilter;

import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import java.nio.ByteBuffer;
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
            sane = length >= 0 && length <= ControlCodec.MAXIMUM;
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
        try {
            Filter.Served served = filter.serve(ControlCodec.decode(content), descriptors);
            send(new ControlAnswer(true, served.text()), served.descriptors());
        } catch (SoftwareContainerException | IllegalArgumentException e) {
            send(new ControlAnswer(false, String.valueOf(e.getMessage())), List.of());
        }
    }

    private void send(ControlAnswer answer, List<PassedDescriptor> with) {
        output.add(ByteBuffer.wrap(ControlCodec.encode(answer)), with);
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
