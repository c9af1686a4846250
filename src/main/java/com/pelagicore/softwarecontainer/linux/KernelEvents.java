package com.pelagicore.softwarecontainer.linux;

import com.sun.jna.Native;
import java.nio.charset.StandardCharsets;

/**
 * Hears from the kernel, and from udev if there is one, that devices came, went or changed (netlink(7),
 * NETLINK_KOBJECT_UEVENT). An event says no more than: look again. Events that come while somebody looks are
 * one event.
 */
public final class KernelEvents {

    private static final int AF_NETLINK = 16;
    private static final int SOCK_RAW = 3;
    private static final int NETLINK_KOBJECT_UEVENT = 15;

    /** The kernel sends to the first group; udev, which sets owner, permissions and links afterwards, to the second. */
    private static final int GROUPS = 3;

    private static final int MAX_EVENT = 8192;
    private static final int ENOBUFS = 105;

    /** Only events of devices that have a node carry one. */
    private static final String NODE = "DEVNAME=";

    static {
        Native.register(KernelEvents.class, "c");
    }

    private final Descriptor socket;
    private final Runnable changed;

    private KernelEvents(Descriptor socket, Runnable changed) {
        this.socket = socket;
        this.changed = changed;
    }

    /**
     * Calls {@code changed} after events, on a thread of its own that lives as long as the process.
     *
     * @param changed throws nothing
     * @throws com.pelagicore.softwarecontainer.error.SoftwareContainerException HOST_REFUSED: no such events here
     */
    public static void listen(Runnable changed) {
        int opened = socket(AF_NETLINK, SOCK_RAW | LinkCalls.SOCK_CLOEXEC, NETLINK_KOBJECT_UEVENT);
        if (opened < 0) {
            throw Errno.refused("socket(NETLINK_KOBJECT_UEVENT)");
        }
        Descriptor socket = new Descriptor(opened);
        // struct sockaddr_nl: family, padding, port (the kernel's choice), groups; little-endian
        int[] address = {AF_NETLINK, 0, GROUPS};
        if (bind(opened, address, address.length * Integer.BYTES) < 0) {
            socket.close();
            throw Errno.refused("bind(NETLINK_KOBJECT_UEVENT)");
        }
        Thread thread = new Thread(() -> new KernelEvents(socket, changed).run(), "kernel-events");
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        while (awaitEvent()) {
            changed.run();
        }
        socket.close();
    }

    /** Returns after an event about a node, when no more are waiting; false if there will be none. */
    private boolean awaitEvent() {
        byte[] event = new byte[MAX_EVENT];
        boolean found = false;
        while (true) {
            long length = recv(socket.number(), event, event.length, found ? LinkCalls.MSG_DONTWAIT : 0);
            if (length >= 0) {
                found = found || new String(event, 0, (int) length, StandardCharsets.ISO_8859_1).contains(NODE);
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
