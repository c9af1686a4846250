package com.pelagicore.softwarecontainer.linux;

import com.pelagicore.softwarecontainer.bus.BusAddress;
import com.pelagicore.softwarecontainer.bus.BusTransport;
import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A Unix stream socket to a bus. Own system calls, because the JDK's sockets know neither abstract names nor
 * descriptors in messages.
 */
public final class BusSocket implements BusTransport {

    private static final Duration WRITE_TIMEOUT = Duration.ofSeconds(10);

    private final Descriptor descriptor;
    private final ReentrantLock reading = new ReentrantLock();
    private final ReentrantLock writing = new ReentrantLock();
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
    public boolean read(ByteBuffer target) {
        reading.lock();
        try {
            return !closed && SocketCalls.receive(descriptor, target);
        } finally {
            reading.unlock();
        }
    }

    @Override
    public void write(ByteBuffer source) {
        writing.lock();
        try {
            long deadline = System.nanoTime() + WRITE_TIMEOUT.toNanos();
            while (source.hasRemaining()) {
                if (closed) {
                    throw new SoftwareContainerException(ErrorKind.HOST_REFUSED, "the connection to the bus is closed");
                }
                if (System.nanoTime() - deadline >= 0 || !SocketCalls.send(descriptor, source)) {
                    throw new SoftwareContainerException(
                            ErrorKind.TIMED_OUT, "the bus took no data for " + WRITE_TIMEOUT.toSeconds() + " seconds");
                }
            }
        } finally {
            writing.unlock();
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
