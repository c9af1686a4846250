package com.pelagicore.softwarecontainer.linux;

import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import java.nio.ByteBuffer;

/** System calls of inotify(7), and poll(2). */
final class InotifyCalls {

    static final int IN_MOVED_FROM = 0x40;
    static final int IN_MOVED_TO = 0x80;
    static final int IN_CREATE = 0x100;
    static final int IN_DELETE = 0x200;
    static final int IN_DELETE_SELF = 0x400;
    static final int IN_MOVE_SELF = 0x800;
    static final int IN_ONLYDIR = 0x1000000;
    static final int IN_CLOEXEC = 02000000;

    static final short POLLIN = 1;
    static final short POLLPRI = 2;

    static {
        Native.register(InotifyCalls.class, "c");
    }

    private InotifyCalls() {}

    static native int inotify_init1(int flags);

    static native int inotify_add_watch(int descriptor, byte[] path, int mask);

    static native int inotify_rm_watch(int descriptor, int watch);

    static native long read(int descriptor, byte[] buffer, long size);

    /** A {@code struct pollfd} is an int, the descriptor, and two shorts, the events asked for and those returned. */
    static native int poll(ByteBuffer descriptors, NativeLong count, int timeoutMilliseconds);
}
