package com.pelagicore.softwarecontainer.linux;

import com.pelagicore.softwarecontainer.bus.BusAddress;
import com.pelagicore.softwarecontainer.bus.BusTransport;
import com.pelagicore.softwarecontainer.bus.PassedFile;
import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * A Unix stream socket to a bus. Own system calls, because the JDK's sockets know neither abstract names nor
 * descriptors in messages.
 */
public final class BusSocket implements BusTransport {

    private static final Duration WRITE_TIMEOUT = Duration.ofSeconds(10);

    private final Descriptor descriptor;
    private final ReentrantLock reading = new ReentrantLock();
    private final ReentrantLock writing = new ReentrantLock();
    private final DescriptorMessage incoming = new DescriptorMessage();
    private final DescriptorMessage outgoing = new DescriptorMessage();
    private volatile boolean closed;

    private BusSocket(Descriptor descriptor) {
        this.descriptor = descriptor;
    }

    /**
     * Connects to the first address where somebody listens.
     *
     * @throws SoftwareContainerException HOST_REFUSED, with the reason of each address
     */
    public static BusSocket connect(List<BusAddress> addresses) {
        List<String> problems = new ArrayList<>();
        for (BusAddress address : addresses) {
            try {
                return connect(address);
            } catch (SoftwareContainerException e) {
                problems.add(String.valueOf(e.getMessage()));
            }
        }
        throw new SoftwareContainerException(
                ErrorKind.HOST_REFUSED, "no bus can be reached: " + String.join(", ", problems));
    }

    private static BusSocket connect(BusAddress address) {
        Descriptor descriptor = SocketCalls.open();
        try {
            SocketCalls.timeout(descriptor, SocketCalls.SO_SNDTIMEO, WRITE_TIMEOUT);
            byte[] name = address.name().getBytes(StandardCharsets.UTF_8);
            boolean isAbstract = address.namespace() == BusAddress.Namespace.ABSTRACT;
            SocketCalls.connect(descriptor, name, isAbstract, address.toString());
            return new BusSocket(descriptor);
        } catch (RuntimeException e) {
            descriptor.close();
            throw e;
        }
    }

    @Override
    public boolean read(ByteBuffer target, Consumer<PassedFile> files) {
        reading.lock();
        try {
            return !closed && receive(target, files);
        } finally {
            reading.unlock();
        }
    }

    private boolean receive(ByteBuffer target, Consumer<PassedFile> files) {
        while (true) {
            long count = incoming.receive(descriptor, target, 0, files);
            if (count >= 0) {
                target.position(target.position() + (int) count);
                return count > 0;
            }
            int errno = Errno.last();
            if (errno == Errno.EAGAIN) {
                throw new SoftwareContainerException(ErrorKind.TIMED_OUT, "recv: no data in time");
            }
            if (errno != Errno.EINTR) {
                throw Errno.refused("recv", errno);
            }
        }
    }

    @Override
    public void write(ByteBuffer source, List<PassedFile> files) {
        writing.lock();
        try {
            long deadline = System.nanoTime() + WRITE_TIMEOUT.toNanos();
            List<PassedFile> unsent = files;
            while (source.hasRemaining()) {
                if (closed) {
                    throw new SoftwareContainerException(ErrorKind.HOST_REFUSED, "the connection to the bus is closed");
                }
                if (System.nanoTime() - deadline >= 0 || !send(source, unsent)) {
                    throw new SoftwareContainerException(
                            ErrorKind.TIMED_OUT, "the bus took no data for " + WRITE_TIMEOUT.toSeconds() + " seconds");
                }
                unsent = List.of();
            }
        } finally {
            writing.unlock();
        }
    }

    /** At least one byte; false if the time is over. */
    private boolean send(ByteBuffer source, List<PassedFile> files) {
        if (files.isEmpty()) {
            return SocketCalls.send(descriptor, source);
        }
        List<Integer> numbers = files.stream().map(PassedFile::number).toList();
        while (true) {
            long count = outgoing.send(descriptor, source, 0, numbers);
            if (count >= 0) {
                source.position(source.position() + (int) count);
                return true;
            }
            int errno = Errno.last();
            if (errno == Errno.EAGAIN) {
                return false;
            }
            if (errno != Errno.EINTR) {
                throw Errno.refused("sendmsg", errno);
            }
        }
    }

    @Override
    public void readTimeout(Duration timeout) {
        SocketCalls.timeout(descriptor, SocketCalls.SO_RCVTIMEO, timeout);
    }

    /** Wakes whoever waits in the socket; closes it when they have left, since its number may be reused then. */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            SocketCalls.shutdown(descriptor);
        }
        reading.lock();
        writing.lock();
        try {
            descriptor.close();
        } finally {
            writing.unlock();
            reading.unlock();
        }
    }
}
