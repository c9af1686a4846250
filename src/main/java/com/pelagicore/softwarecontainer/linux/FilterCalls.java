package com.pelagicore.softwarecontainer.linux;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;

/** System calls of the D-Bus filter: accept4(2), epoll(7), bind(2), setresuid(2); JNA passes a buffer's position. */
final class FilterCalls {

    static final int SOCK_STREAM = 1;
    static final int SOCK_NONBLOCK = 0x800;
    static final int EPOLL_CLOEXEC = 0x80000;
    static final int EPOLL_CTL_ADD = 1;
    static final int EPOLL_CTL_DEL = 2;
    static final int EPOLL_CTL_MOD = 3;
    static final int EPOLLIN = 1;
    static final int EPOLLOUT = 4;
    static final int EPOLLERR = 8;
    static final int EPOLLHUP = 16;

    static {
        Native.register(FilterCalls.class, "c");
    }

    private FilterCalls() {}

    static native int bind(int socket, ByteBuffer address, int length);

    static native int listen(int socket, int backlog);

    static native int accept4(int socket, Pointer address, Pointer length, int flags);

    static native int epoll_create1(int flags);

    static native int epoll_ctl(int epoll, int operation, int descriptor, ByteBuffer event);

    static native int epoll_wait(int epoll, ByteBuffer events, int count, int timeoutMillis);

    static native long send(int socket, ByteBuffer bytes, long length, int flags);

    static native int setsid();

    static native int setgroups(long count, Pointer groups);

    static native int setresgid(int real, int effective, int saved);

    static native int setresuid(int real, int effective, int saved);
}
