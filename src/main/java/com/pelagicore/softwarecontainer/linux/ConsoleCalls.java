package com.pelagicore.softwarecontainer.linux;

import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;

/** System calls on terminals and pipes (termios(3), pipe(2), ioctl_tty(2)). Below 0: {@link Errno#last()} says why. */
final class ConsoleCalls {

    static final int TCSADRAIN = 1;
    static final long TIOCGWINSZ = 0x5413;
    static final int F_GETFD = 1;
    // signal(7), of the architectures of JNA_PLATFORM in debian/rules
    static final int SIGTTIN = 21;
    static final Pointer SIG_IGN = Pointer.createConstant(1);

    static {
        Native.register(ConsoleCalls.class, "c");
    }

    private ConsoleCalls() {}

    static native int isatty(int descriptor);

    /** {@code struct termios} is 60 bytes with the libraries that there are. */
    static native int tcgetattr(int descriptor, byte[] settings);

    static native int tcsetattr(int descriptor, int when, byte[] settings);

    static native void cfmakeraw(byte[] settings);

    static native int tcgetpgrp(int descriptor);

    static native int getpgrp();

    static native Pointer signal(int number, Pointer handler);

    /** A {@code struct pollfd} is an int, the descriptor, and two shorts, the events asked for and those returned. */
    static native int poll(int[] descriptors, NativeLong count, int timeoutMillis);

    static native int pipe2(int[] descriptors, int flags);

    static native long read(int descriptor, byte[] data, long length);

    static native long write(int descriptor, byte[] data, long length);

    static native int fcntl(int descriptor, int command, int argument);

    static native int ioctl(int descriptor, long request, short[] argument);
}
