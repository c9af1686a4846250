package com.pelagicore.softwarecontainer.linux;

import com.pelagicore.softwarecontainer.process.SpawnRequest;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * The wire format of the link to a container's PID 1, as src/main/c/init.c has it, over struct msghdr of
 * recvmsg(2) and sendmsg(2) as 64-bit Linux lays it out.
 */
final class InitWire {

    static final int SPAWN = 1;
    static final int NOTE = 2;
    static final int COLLECTED = 3;
    static final int SIGNAL = 4;
    /** The request of SIGNAL for all processes. */
    static final int EVERYBODY = 0;

    static final int STARTED = 16;
    static final int REFUSED = 17;
    static final int RUNNING = 18;
    static final int ENDED = 19;
    static final int WELCOME = 20;

    /** The newest version of the protocol; all older ones are spoken as well. */
    static final int NEWEST_VERSION = 1;

    /** In the stage of SPAWN. */
    static final int TO_FILE = 1;

    static final int TERMINAL = 2;
    static final int STAGE_FORK = 1;
    static final int STAGE_DIRECTORY = 2;

    private static final int MESSAGE_BYTES = 20;
    private static final int IOVEC_BYTES = 16;
    private static final int HEADER_BYTES = 56;
    private static final int CONTROL_HEADER_BYTES = 16;
    private static final int CONTROL_BYTES = 64;

    /**
     * One message.
     *
     * @param hostPid pid in the host's namespace; in STARTED from the kernel's credentials
     */
    record Message(int kind, int request, int value, int hostPid, int stage) {

        static Message of(int kind, int request, int value, int hostPid) {
            return new Message(kind, request, value, hostPid, 0);
        }
    }

    private InitWire() {}

    /** Working directory, arguments and environment as NUL-terminated strings. */
    static byte[] encode(SpawnRequest request) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        append(out, request.workingDirectory());
        request.arguments().forEach(argument -> append(out, argument));
        request.environment().forEach((name, value) -> append(out, name + "=" + value));
        return out.toByteArray();
    }

    private static void append(ByteArrayOutputStream out, String text) {
        out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
        out.write(0);
    }

    /** Sends a message with descriptors; false: see {@link Errno#last}. */
    static boolean send(int socket, Message message, List<Integer> descriptors) {
        try (Memory memory = new Memory(MESSAGE_BYTES + 4 + IOVEC_BYTES + HEADER_BYTES + CONTROL_BYTES)) {
            memory.clear();
            memory.setInt(0, message.kind());
            memory.setInt(4, message.request());
            memory.setInt(8, message.value());
            memory.setInt(12, message.hostPid());
            memory.setInt(16, message.stage());
            long controlBytes = 0;
            if (!descriptors.isEmpty()) {
                Pointer control = memory.share(MESSAGE_BYTES + 4 + IOVEC_BYTES + HEADER_BYTES);
                controlBytes = CONTROL_HEADER_BYTES + 4L * descriptors.size();
                control.setLong(0, controlBytes);
                control.setInt(8, LinkCalls.SOL_SOCKET);
                control.setInt(12, LinkCalls.SCM_RIGHTS);
                for (int i = 0; i < descriptors.size(); i++) {
                    control.setInt(CONTROL_HEADER_BYTES + 4L * i, descriptors.get(i));
                }
            }
            Pointer header = header(memory, controlBytes);
            return LinkCalls.sendmsg(socket, header, LinkCalls.MSG_NOSIGNAL) == MESSAGE_BYTES;
        }
    }

    /**
     * Receives a message if there is one.
     *
     * @return empty: nothing to be had, {@link Errno#last} is EAGAIN, or 0 at the end of the connection
     */
    static Optional<Message> receive(int socket) {
        try (Memory memory = new Memory(MESSAGE_BYTES + 4 + IOVEC_BYTES + HEADER_BYTES + CONTROL_BYTES)) {
            memory.clear();
            Pointer header = header(memory, CONTROL_BYTES);
            long length = LinkCalls.recvmsg(socket, header, LinkCalls.MSG_DONTWAIT | LinkCalls.MSG_CMSG_CLOEXEC);
            if (length != MESSAGE_BYTES) {
                if (length >= 0) {
                    Native.setLastError(0);
                }
                return Optional.empty();
            }
            int kind = memory.getInt(0);
            int hostPid = kind == STARTED || kind == REFUSED ? senderPid(header) : memory.getInt(12);
            return Optional.of(new Message(kind, memory.getInt(4), memory.getInt(8), hostPid, memory.getInt(16)));
        }
    }

    /** Fills iovec and msghdr behind the message; the control area follows. */
    private static Pointer header(Memory memory, long controlBytes) {
        Pointer vector = memory.share(MESSAGE_BYTES + 4);
        vector.setPointer(0, memory);
        vector.setLong(8, MESSAGE_BYTES);
        Pointer header = memory.share(MESSAGE_BYTES + 4 + IOVEC_BYTES);
        header.setPointer(16, vector);
        header.setLong(24, 1);
        if (controlBytes > 0) {
            header.setPointer(32, memory.share(MESSAGE_BYTES + 4 + IOVEC_BYTES + HEADER_BYTES));
            header.setLong(40, controlBytes);
        }
        return header;
    }

    private static int senderPid(Pointer header) {
        Pointer control = header.getPointer(32);
        boolean credentials = header.getLong(40) >= CONTROL_HEADER_BYTES + 12
                && control.getInt(8) == LinkCalls.SOL_SOCKET
                && control.getInt(12) == LinkCalls.SCM_CREDENTIALS;
        return credentials ? control.getInt(CONTROL_HEADER_BYTES) : 0;
    }
}
