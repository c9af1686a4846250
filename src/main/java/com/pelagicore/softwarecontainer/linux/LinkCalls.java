package com.pelagicore.softwarecontainer.linux;

import com.sun.jna.Native;
import com.sun.jna.Pointer;

/** System calls on sockets and what travels over them (socket(2), unix(7), memfd_create(2), poll(2), eventfd(2)). */
final class LinkCalls {

    static final int AF_UNIX = 1;
    static final int SOCK_SEQPACKET = 5;
    static final int SOCK_CLOEXEC = 0x80000;
    static final int SOL_SOCKET = 1;
    static final int SO_PASSCRED = 16;
    static final int SO_PEERCRED = 17;
    static final int SCM_RIGHTS = 1;
    static final int SCM_CREDENTIALS = 2;
    static final int MSG_DONTWAIT = 0x40;
    static final int MSG_NOSIGNAL = 0x4000;
    static final int MSG_CMSG_CLOEXEC = 0x40000000;
    static final int SHUT_RDWR = 2;
    static final int MFD_CLOEXEC = 1;
    static final int EFD_CLOEXEC = 0x80000;
    static final short POLLIN = 1;
    static final int O_WRONLY = 1;
    static final int O_CREAT = 0x40;
    static final int O_EXCL = 0x80;
    static final int O_NOCTTY = 0x100;
    static final int O_NONBLOCK = 0x800;
    static final int O_CLOEXEC = 0x80000;
    static final int F_SETFL = 4;
    static final int F_DUPFD_CLOEXEC = 1030;

    static {
        Native.register(LinkCalls.class, "c");
    }

    private LinkCalls() {}

    static native int socket(int domain, int type, int protocol);

    static native int connect(int socket, Pointer address, int length);

    static native int getsockopt(int socket, int level, int option, Pointer value, Pointer length);

    static native int setsockopt(int socket, int level, int option, Pointer value, int length);

    static native long sendmsg(int socket, Pointer message, int flags);

    static native long recvmsg(int socket, Pointer message, int flags);

    static native int shutdown(int socket, int how);

    static native int memfd_create(String name, int flags);

    static native long write(int descriptor, byte[] data, long length);

    static native long read(int descriptor, byte[] data, long length);

    static native int eventfd(int initial, int flags);

    static native int poll(Pointer descriptors, long count, int timeoutMillis);

    static native int kill(int pid, int signal);

    /* open(2) and fcntl(2) are variadic: JNA's direct mapping passes the third argument as C would on LP64 */
    static native int open(byte[] path, int flags, int mode);

    static native int fcntl(int descriptor, int command, int argument);

    static native int unlink(byte[] path);
}
