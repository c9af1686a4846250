package com.pelagicore.softwarecontainer.linux;

import com.sun.jna.Native;

/** An open file descriptor that this object owns. */
final class Descriptor implements AutoCloseable {

    private int number;

    static {
        Native.register(Descriptor.class, "c");
    }

    Descriptor(int number) {
        if (number < 0) {
            throw new IllegalArgumentException("descriptor " + number);
        }
        this.number = number;
    }

    int number() {
        if (number < 0) {
            throw new IllegalStateException("closed");
        }
        return number;
    }

    /** Path under which system calls that take only paths reach the open file; valid in this process. */
    String path() {
        return "/proc/self/fd/" + number();
    }

    @Override
    public void close() {
        int open = number;
        number = -1;
        if (open >= 0) {
            close(open);
        }
    }

    private static native int close(int descriptor);
}
