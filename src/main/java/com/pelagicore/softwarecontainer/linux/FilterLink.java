package com.pelagicore.softwarecontainer.linux;

import com.pelagicore.softwarecontainer.busfilter.ControlRequest;
import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/** The agent's connection to the filter process; one request at a time. A thread of its own waits for answers. */
final class FilterLink implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final String LOST = "\0lost";

    private final Descriptor socket;
    private final BlockingQueue<String> answers = new ArrayBlockingQueue<>(2);
    private final DescriptorMessage message = new DescriptorMessage();
    private final Runnable whenLost;
    private boolean closing;
    private volatile boolean lost;

    private FilterLink(Descriptor socket, Runnable whenLost) {
        this.socket = socket;
        this.whenLost = whenLost;
    }

    /**
     * Connects; empty: nobody listens there.
     *
     * @param whenLost called on another thread if the filter ends before this link is closed
     */
    static Optional<FilterLink> connect(Path control, Runnable whenLost) {
        Descriptor socket = SocketCalls.open();
        try {
            SocketCalls.timeout(socket, SocketCalls.SO_SNDTIMEO, TIMEOUT);
            SocketCalls.connect(socket, control.toString().getBytes(StandardCharsets.UTF_8), false, control.toString());
        } catch (SoftwareContainerException e) {
            socket.close();
            return Optional.empty();
        }
        FilterLink link = new FilterLink(socket, whenLost);
        Thread reader = new Thread(link::read, "bus-filter-link");
        reader.setDaemon(true);
        reader.start();
        return Optional.of(link);
    }

    boolean isLost() {
        return lost;
    }

    /**
     * Sends a request and waits for its answer.
     *
     * @throws SoftwareContainerException HOST_REFUSED with the filter's reason, or if it is gone
     */
    void request(ControlRequest request, List<Descriptor> descriptors) {
        byte[] frame = ControlRequest.encode(request);
        ByteBuffer bytes = ByteBuffer.allocateDirect(frame.length).put(frame).flip();
        if (!descriptors.isEmpty()) {
            long count = message.send(socket, bytes, descriptors);
            if (count <= 0) {
                throw Errno.refused("sendmsg(bus filter)");
            }
            bytes.position((int) count);
        }
        while (bytes.hasRemaining()) {
            if (!SocketCalls.send(socket, bytes)) {
                throw new SoftwareContainerException(ErrorKind.TIMED_OUT, "the D-Bus filter takes no requests");
            }
        }
        String problem = answer();
        if (!problem.isEmpty()) {
            throw new SoftwareContainerException(
                    ErrorKind.HOST_REFUSED, problem.equals(LOST) ? "the D-Bus filter has ended" : problem);
        }
    }

    private String answer() {
        try {
            String answer = answers.poll(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
            if (answer == null) {
                SocketCalls.shutdown(socket);
                throw new SoftwareContainerException(ErrorKind.TIMED_OUT, "the D-Bus filter does not answer");
            }
            return answer;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SoftwareContainerException(ErrorKind.TIMED_OUT, "interrupted waiting for the D-Bus filter", e);
        }
    }

    private void read() {
        try {
            ByteBuffer length = ByteBuffer.allocateDirect(4);
            while (readFully(length.clear())) {
                ByteBuffer text = ByteBuffer.allocateDirect(Math.max(0, Math.min(length.getInt(0), 65536)));
                if (!readFully(text)) {
                    break;
                }
                answers.put(StandardCharsets.UTF_8.decode(text.flip()).toString());
            }
        } catch (SoftwareContainerException e) {
            // a broken connection is one at its end
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        boolean ignored = answers.offer(LOST);
        if (!ended()) {
            whenLost.run();
        }
    }

    /** Whether nobody cares any more; else the descriptor stays open, for who is about to send. */
    private synchronized boolean ended() {
        lost = true;
        if (closing) {
            socket.close();
        }
        return closing;
    }

    private boolean readFully(ByteBuffer target) {
        while (target.hasRemaining()) {
            if (!SocketCalls.receive(socket, target)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public synchronized void close() {
        if (closing) {
            return;
        }
        closing = true;
        if (lost) {
            socket.close();
        } else {
            SocketCalls.shutdown(socket);
        }
    }
}
