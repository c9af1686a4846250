package com.pelagicore.softwarecontainer.linux;

import com.pelagicore.softwarecontainer.busfilter.BusId;
import com.pelagicore.softwarecontainer.busfilter.ControlAnswer;
import com.pelagicore.softwarecontainer.busfilter.ControlCodec;
import com.pelagicore.softwarecontainer.busfilter.ControlRequest;
import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/** The agent's connection to the filter process; one request at a time. A thread of its own waits for answers. */
final class FilterLink implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(15);
    private static final int SIGKILL = 9;
    private static final int LONGEST_ANSWER = 4 * 1024 * 1024;
    private static final Arrival LOST = new Arrival(new ControlAnswer(false, "the D-Bus filter has ended"), List.of());

    private record Arrival(ControlAnswer answer, List<Descriptor> descriptors) {}

    private final Descriptor socket;
    private final BlockingQueue<Arrival> arrivals = new ArrayBlockingQueue<>(2);
    private final DescriptorMessage sending = new DescriptorMessage();
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
     * @return what was asked for
     * @throws SoftwareContainerException HOST_REFUSED with the filter's reason, or if it is gone; TIMED_OUT, and
     *     the filter was killed: nobody would be served by it
     */
    String request(ControlRequest request, List<Descriptor> descriptors) {
        send(request, descriptors);
        Arrival arrival = arrival();
        arrival.descriptors().forEach(Descriptor::close);
        return arrival.answer().text();
    }

    List<BusId> openBuses() {
        return BusId.parse(request(new ControlRequest.ListOpen(), List.of()));
    }

    /** Another descriptor of the listening socket of an open bus. */
    Descriptor claim(BusId id) {
        send(new ControlRequest.Claim(id.container(), id.bus()), List.of());
        Arrival arrival = arrival();
        if (arrival.descriptors().size() != 1) {
            arrival.descriptors().forEach(Descriptor::close);
            throw new SoftwareContainerException(ErrorKind.HOST_REFUSED, "the D-Bus filter sent no socket");
        }
        return arrival.descriptors().get(0);
    }

    private void send(ControlRequest request, List<Descriptor> descriptors) {
        byte[] frame = ControlCodec.encode(request);
        ByteBuffer bytes = ByteBuffer.allocateDirect(frame.length).put(frame).flip();
        if (!descriptors.isEmpty()) {
            sendFirst(bytes, descriptors.stream().map(Descriptor::number).toList());
        }
        while (bytes.hasRemaining()) {
            if (!SocketCalls.send(socket, bytes)) {
                throw notSent(Errno.EAGAIN);
            }
        }
    }

    private void sendFirst(ByteBuffer bytes, List<Integer> descriptors) {
        long count;
        do {
            count = sending.send(socket, bytes, 0, descriptors);
        } while (count < 0 && Errno.last() == Errno.EINTR);
        if (count <= 0) {
            throw notSent(Errno.last());
        }
        bytes.position((int) count);
    }

    /** Behind half a request nothing can follow. */
    private SoftwareContainerException notSent(int errno) {
        if (errno != Errno.EAGAIN) {
            SocketCalls.shutdown(socket);
            return Errno.refused("sendmsg(bus filter)", errno);
        }
        killFilter();
        return new SoftwareContainerException(ErrorKind.TIMED_OUT, "the D-Bus filter takes no requests");
    }

    private Arrival arrival() {
        try {
            Arrival arrival = arrivals.poll(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
            if (arrival == null) {
                killFilter();
                throw new SoftwareContainerException(ErrorKind.TIMED_OUT, "the D-Bus filter does not answer");
            }
            if (!arrival.answer().done()) {
                throw new SoftwareContainerException(
                        ErrorKind.HOST_REFUSED, arrival.answer().text());
            }
            return arrival;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            // the answer that comes would be taken for that to the next request
            SocketCalls.shutdown(socket);
            throw new SoftwareContainerException(ErrorKind.TIMED_OUT, "interrupted waiting for the D-Bus filter", e);
        }
    }

    /** One in another pid namespace is spared. */
    private void killFilter() {
        int pid = PeerProcess.pid(socket);
        if (pid > 1 && !lost) {
            // it may have ended by itself
            int ignored = LinkCalls.kill(pid, SIGKILL);
        }
        SocketCalls.shutdown(socket);
    }

    private void read() {
        Queue<Descriptor> received = new ArrayDeque<>();
        try {
            DescriptorMessage receiving = new DescriptorMessage();
            ByteBuffer length = ByteBuffer.allocateDirect(4);
            while (receive(length.clear(), receiving, received)
                    && length.getInt(0) > 0
                    && length.getInt(0) <= LONGEST_ANSWER) {
                ByteBuffer content = ByteBuffer.allocateDirect(length.getInt(0));
                if (!receive(content, receiving, received)) {
                    break;
                }
                byte[] bytes = new byte[content.flip().remaining()];
                content.get(bytes);
                arrivals.put(new Arrival(ControlCodec.decodeAnswer(bytes), List.copyOf(received)));
                received.clear();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        received.forEach(Descriptor::close);
        boolean ignored = arrivals.offer(LOST);
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

    /** Fills the buffer; false: a broken connection is one at its end. */
    private boolean receive(ByteBuffer target, DescriptorMessage receiving, Queue<Descriptor> received) {
        while (target.hasRemaining()) {
            long count = receiving.await(socket, target, passed -> received.add(passed.descriptor()));
            if (count == 0 || (count < 0 && Errno.last() != Errno.EINTR)) {
                return false;
            }
            target.position(target.position() + (int) Math.max(0, count));
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
