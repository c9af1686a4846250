package com.pelagicore.softwarecontainer.linux;

import com.sun.jna.Memory;

/** Which process is at the other end of a connected Unix socket: who called connect(2) or listen(2). */
final class PeerProcess {

    /** {@code struct ucred} of sys/socket.h; the pid is the first part. */
    private static final int BYTES = 12;

    private PeerProcess() {}

    /** 0: one of another pid namespace. */
    static int pid(Descriptor socket) {
        try (Memory credentials = new Memory(BYTES);
                Memory length = new Memory(4)) {
            length.setInt(0, BYTES);
            if (LinkCalls.getsockopt(socket.number(), LinkCalls.SOL_SOCKET, LinkCalls.SO_PEERCRED, credentials, length)
                    < 0) {
                throw Errno.refused("getsockopt(SO_PEERCRED)");
            }
            return credentials.getInt(0);
        }
    }
}
