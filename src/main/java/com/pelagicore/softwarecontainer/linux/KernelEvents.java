package com.pelagicore.softwarecontainer.linux;

import com.sun.jna.Native;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears from the kernel that something has changed (netlink(7)). An event says no more than: look again. Events that come
 * while somebody looks are one event.
 */
public final class KernelEvents {

    private static final Logger LOG = LoggerFactory.getLogger(KernelEvents.class);
    private static final int AF_NETLINK = 16;
    private static final int SOCK_RAW = 3;
    private static final int MAX_EVENT = 32 * 1024;
    private static final int ENOBUFS = 105;

    /**
     * What to hear of.
     *
     * @param name for the thread and messages
     * @param protocol and groups: of netlink(7)
     * @param counts whether an event is one that counts
     */
    private record Source(String name, int protocol, int groups, Predicate<ByteBuffer> counts) {}

    static {
        Native.register(KernelEvents.class, "c");
    }

    private final Descriptor socket;
    private final Predicate<ByteBuffer> counts;
    private final Runnable changed;

    private KernelEvents(Descriptor socket, Predicate<ByteBuffer> counts, Runnable changed) {
        this.socket = socket;
        this.counts = counts;
        this.changed = changed;
    }

    /**
     * Devices that have a node came, went or changed: from the kernel (the first group), and from udev if there is one, which
     * sets owner, permissions and links afterwards (the second). {@code changed} is called on a thread of its own that lives
     * as long as the process, also if it throws, which is logged.
     *
     * @throws com.pelagicore.softwarecontainer.error.SoftwareContainerException HOST_REFUSED: no such events here
     */
    public static void listen(Runnable changed) {
        Predicate<ByteBuffer> ofANode =
                event -> StandardCharsets.ISO_8859_1.decode(event).toString().contains("DEVNAME=");
        listen(new Source("kernel-events", 15, 3, ofANode), changed);
    }

    /**
     * Somebody has changed the rules of the network namespace that this is called in: NETLINK_NETFILTER, group
     * NFNLGRP_NFTABLES of linux/netfilter/nfnetlink.h. Otherwise as {@link #listen}.
     *
     * @param ownTable of whose changes only the end counts
     */
    static void listenForRules(String ownTable, Runnable changed) {
        listen(new Source("rule-events", 12, 1 << 6, event -> RuleEvents.count(event, ownTable)), changed);
    }

    private static void listen(Source source, Runnable changed) {
        int opened = socket(AF_NETLINK, SOCK_RAW | LinkCalls.SOCK_CLOEXEC, source.protocol());
        if (opened < 0) {
            throw Errno.refused("socket(" + source.name() + ")");
        }
        Descriptor socket = new Descriptor(opened);
        // struct sockaddr_nl: family, padding, port (the kernel's choice), groups; little-endian
        int[] address = {AF_NETLINK, 0, source.groups()};
        if (bind(opened, address, address.length * Integer.BYTES) < 0) {
            socket.close();
            throw Errno.refused("bind(" + source.name() + ")");
        }
        Thread thread = new Thread(() -> new KernelEvents(socket, source.counts(), changed).run(), source.name());
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        while (awaitEvent()) {
            try {
                changed.run();
            } catch (RuntimeException e) {
                LOG.error(
                        "{}: what changed was not followed",
                        Thread.currentThread().getName(),
                        e);
            }
        }
        socket.close();
    }

    /** Returns after an event that counts, when no more are waiting; false if there will be none. */
    private boolean awaitEvent() {
        byte[] event = new byte[MAX_EVENT];
        boolean found = false;
        while (true) {
            long length = recv(socket.number(), event, event.length, found ? LinkCalls.MSG_DONTWAIT : 0);
            if (length >= 0) {
                found = found || counts.test(ByteBuffer.wrap(event, 0, (int) length));
            } else if (Errno.last() == Errno.EAGAIN) {
                return true;
            } else if (Errno.last() == ENOBUFS) {
                // events were lost, maybe one of those that count
                found = true;
            } else if (Errno.last() != Errno.EINTR) {
                return found;
            }
        }
    }

    private static native int socket(int domain, int type, int protocol);

    private static native int bind(int socket, int[] address, int length);

    private static native long recv(int socket, byte[] buffer, long length, int flags);
}
