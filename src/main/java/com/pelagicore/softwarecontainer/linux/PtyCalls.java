package com.pelagicore.softwarecontainer.linux;

import com.sun.jna.Native;

/** System calls on terminals (ioctl_tty(2), pts(4)). Results below 0 mean that {@link Errno#last()} says why. */
final class PtyCalls {

    static final int O_RDWR = 2;
    // asm-generic/ioctls.h
    static final long TIOCSWINSZ = 0x5414;
    static final long TIOCSPTLCK = 0x40045431;
    static final long TIOCGPTPEER = 0x5441;

    static {
        Native.register(PtyCalls.class, "c");
    }

    private PtyCalls() {}

    /* variadic: JNA's direct mapping passes the third argument as C would on LP64 */
    static native int ioctl(int descriptor, long request, short[] argument);

    static native int ioctl(int descriptor, long request, int[] argument);

    static native int ioctl(int descriptor, long request, long argument);

    static native int open(byte[] path, int flags);

    static native int fchown(int descriptor, int owner, int group);
}
