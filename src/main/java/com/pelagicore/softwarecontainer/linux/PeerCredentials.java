package com.pelagicore.softwarecontainer.linux;

import com.sun.jna.Memory;

/**
 * Who is at the other end of a connected Unix socket: the process that called connect(2) or listen(2), as it was then.
 *
 * @param pid 0: of another pid namespace
 */
record PeerCredentials(int pid, int uid) {

    /** {@code struct ucred} of sys/socket.h. */
    private static final int BYTES = 12;

    static PeerCredentials of(Descriptor socket) {
        try (Memory credentials = new Memory(BYTES);
                Memory length = new Memory(4)) {
            length.setInt(0, BYTES);
            if (LinkCalls.getsockopt(socket.number(), LinkCalls.SOL_SOCKET, LinkCalls.SO_PEERCRED, credentials, length)
                    < 0) {
                throw Errno.refused("getsockopt(SO_PEERCRED)");
            }
            return new PeerCredentials(credentials.getInt(0), credentials.getInt(4));
        }
    }
}
