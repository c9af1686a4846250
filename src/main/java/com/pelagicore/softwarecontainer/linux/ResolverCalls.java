package com.pelagicore.softwarecontainer.linux;

import com.sun.jna.Native;

/** The C library's resolver: resolver(3). Its state is one per thread. */
final class ResolverCalls {

    static {
        Native.register(ResolverCalls.class, "c");
    }

    private ResolverCalls() {}

    /** In libc itself since glibc 2.34, and in musl. */
    static native int res_search(String name, int dnsClass, int type, byte[] answer, int length);
}
