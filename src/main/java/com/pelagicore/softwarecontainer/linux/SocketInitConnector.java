package com.pelagicore.softwarecontainer.linux;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import com.pelagicore.softwarecontainer.process.InitConnector;
import com.pelagicore.softwarecontainer.process.InitLink;
import com.pelagicore.softwarecontainer.process.InitListener;
import com.pelagicore.softwarecontainer.process.InitProcess;
import com.sun.jna.Memory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Links to the init of all containers; one thread reads them all. */
public final class SocketInitConnector implements InitConnector, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SocketInitConnector.class);

    private static final byte[] ADDRESS = "\0softwarecontainer-init".getBytes(StandardCharsets.US_ASCII);
    private static final int POLLFD_BYTES = 8;
    private static final long RETRY_NANOS = 100_000;

    private final Map<Integer, SocketInitLink> links = new ConcurrentHashMap<>();
    private final UserOutput userOutput = new UserOutput();
    private final Descriptor wakeUp;
    private final Thread reader;
    private volatile boolean closing;

    public SocketInitConnector() {
        int event = LinkCalls.eventfd(0, LinkCalls.EFD_CLOEXEC);
        if (event < 0) {
            throw Errno.refused("eventfd()");
        }
        this.wakeUp = new Descriptor(event);
        this.reader = new Thread(this::readLoop, "init-links");
        this.reader.setDaemon(true);
        this.reader.start();
    }

    @Override
    public InitLink connect(InitProcess init, InitListener listener, Duration timeout) {
        Descriptor socket = NamespaceThread.call(init, MountCalls.CLONE_NEWNET, inside -> open(timeout));
        verifyPeer(socket, init);
        SocketInitLink link = link(init, socket, listener);
        links.put(socket.number(), link);
        wake();
        return link;
    }

    private SocketInitLink link(InitProcess init, Descriptor socket, InitListener listener) {
        try {
            return new SocketInitLink(init, socket, listener, userOutput);
        } catch (RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /**
     * Runs in the container's network namespace: that is where the abstract name lives. lxc-start returns when
     * the container is set up, its init may be just about to listen; there is no event to wait for.
     */
    private static Descriptor open(Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        Descriptor socket = newSocket();
        // a frozen init takes no connections, and only so many wait for it
        SocketCalls.timeout(socket, SocketCalls.SO_SNDTIMEO, timeout);
        try (Memory address = new Memory(2 + ADDRESS.length)) {
            address.setShort(0, (short) LinkCalls.AF_UNIX);
            address.write(2, ADDRESS, 0, ADDRESS.length);
            while (LinkCalls.connect(socket.number(), address, (int) address.size()) < 0) {
                int errno = Errno.last();
                if (errno != Errno.ECONNREFUSED && errno != Errno.EINTR && errno != Errno.EAGAIN) {
                    socket.close();
                    throw Errno.refused("connect(softwarecontainer-init)", errno);
                }
                if (System.nanoTime() - deadline > 0 || errno == Errno.EAGAIN) {
                    socket.close();
                    throw new SoftwareContainerException(
                            ErrorKind.TIMED_OUT, "init of the container did not listen within " + timeout);
                }
                LockSupport.parkNanos(RETRY_NANOS);
            }
            return socket;
        }
    }

    private static Descriptor newSocket() {
        int number = LinkCalls.socket(LinkCalls.AF_UNIX, LinkCalls.SOCK_SEQPACKET | LinkCalls.SOCK_CLOEXEC, 0);
        if (number < 0) {
            throw Errno.refused("socket(AF_UNIX)");
        }
        Descriptor socket = new Descriptor(number);
        try (Memory on = new Memory(4)) {
            on.setInt(0, 1);
            if (LinkCalls.setsockopt(number, LinkCalls.SOL_SOCKET, LinkCalls.SO_PASSCRED, on, 4) < 0) {
                socket.close();
                throw Errno.refused("setsockopt(SO_PASSCRED)");
            }
        }
        return socket;
    }

    /** Whoever in the container might have taken the name, only its init is talked to. */
    private static void verifyPeer(Descriptor socket, InitProcess init) {
        try {
            if (PeerProcess.pid(socket) != init.pid()) {
                throw new SoftwareContainerException(
                        ErrorKind.HOST_REFUSED,
                        "the process that listens for requests is not the init of the container, pid " + init.pid());
            }
        } catch (RuntimeException refused) {
            socket.close();
            throw refused;
        }
    }

    private void wake() {
        LinkCalls.write(wakeUp.number(), new byte[] {1, 0, 0, 0, 0, 0, 0, 0}, 8);
    }

    private void readLoop() {
        while (!closing) {
            List<SocketInitLink> watched = new ArrayList<>(links.values());
            try (Memory set = new Memory((long) POLLFD_BYTES * (watched.size() + 1))) {
                set.clear();
                watch(set, 0, wakeUp.number());
                for (int i = 0; i < watched.size(); i++) {
                    watch(set, i + 1, watched.get(i).number());
                }
                LinkCalls.poll(set, watched.size() + 1L, -1);
                if (isReady(set, 0)) {
                    LinkCalls.read(wakeUp.number(), new byte[8], 8);
                }
                for (int i = 0; i < watched.size(); i++) {
                    if (isReady(set, i + 1)) {
                        serve(watched.get(i));
                    }
                }
            }
        }
    }

    private void serve(SocketInitLink link) {
        int number = link.number();
        try {
            if (!link.receive()) {
                links.remove(number);
                link.finish();
            }
        } catch (RuntimeException e) {
            LOG.error("link to an init, descriptor {}", number, e);
        }
    }

    private static void watch(Memory set, int index, int descriptor) {
        set.setInt((long) POLLFD_BYTES * index, descriptor);
        set.setShort((long) POLLFD_BYTES * index + 4, LinkCalls.POLLIN);
    }

    private static boolean isReady(Memory set, int index) {
        return set.getShort((long) POLLFD_BYTES * index + 6) != 0;
    }

    /** Ends the reader; links that are open stay open until the process ends, so their containers go on. */
    @Override
    public void close() {
        closing = true;
        wake();
    }
}
