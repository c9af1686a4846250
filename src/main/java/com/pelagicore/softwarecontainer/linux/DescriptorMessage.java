package com.pelagicore.softwarecontainer.linux;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;

/**
 * A struct msghdr with one buffer and room for descriptors, as 64-bit Linux lays it out (recvmsg(2), cmsg(3)).
 * For one thread, used again and again.
 */
final class DescriptorMessage {

    /** SCM_MAX_FD of the kernel (include/net/scm.h): with less room some would be lost without a trace. */
    private static final int MOST = 253;

    private static final int HEADER_BYTES = 56;
    private static final int IOVEC_BYTES = 16;
    private static final int CONTROL_HEADER_BYTES = 16;
    private static final int CONTROL_BYTES = CONTROL_HEADER_BYTES + (4 * MOST + 7) / 8 * 8;

    private final Memory memory = new Memory(HEADER_BYTES + IOVEC_BYTES + CONTROL_BYTES);
    private final Pointer iovec = memory.share(HEADER_BYTES);
    private final Pointer control = memory.share(HEADER_BYTES + IOVEC_BYTES);

    DescriptorMessage() {
        memory.clear();
    }

    /** Waits for at least one byte or the end. */
    long await(Descriptor socket, ByteBuffer target, Consumer<? super OwnedDescriptor> descriptors) {
        return receive(socket, target, 0, descriptors);
    }

    /**
     * Receives at most what the buffer has room for.
     *
     * @param flags of recvmsg(2)
     * @return number of bytes, which the position does not follow; negative: see {@link Errno#last}
     */
    long receive(Descriptor socket, ByteBuffer target, int flags, Consumer<? super OwnedDescriptor> descriptors) {
        prepare(target, CONTROL_BYTES);
        long count = LinkCalls.recvmsg(socket.number(), memory, flags | LinkCalls.MSG_CMSG_CLOEXEC);
        if (count >= 0 && memory.getLong(40) >= CONTROL_HEADER_BYTES) {
            takeDescriptors(memory.getLong(40), descriptors);
        }
        return count;
    }

    /** The same for sending. */
    long send(Descriptor socket, ByteBuffer source, int flags, List<Integer> descriptors) {
        int bytes = CONTROL_HEADER_BYTES + 4 * descriptors.size();
        prepare(source, bytes);
        control.setLong(0, bytes);
        control.setInt(8, LinkCalls.SOL_SOCKET);
        control.setInt(12, LinkCalls.SCM_RIGHTS);
        for (int i = 0; i < descriptors.size(); i++) {
            control.setInt(CONTROL_HEADER_BYTES + 4L * i, descriptors.get(i));
        }
        return LinkCalls.sendmsg(socket.number(), memory, flags | LinkCalls.MSG_NOSIGNAL);
    }

    private void prepare(ByteBuffer buffer, long controlBytes) {
        iovec.setPointer(0, Native.getDirectBufferPointer(buffer).share(buffer.position()));
        iovec.setLong(8, buffer.remaining());
        memory.setPointer(16, iovec);
        memory.setLong(24, 1);
        memory.setPointer(32, control);
        memory.setLong(40, controlBytes);
        memory.setInt(48, 0);
    }

    /** Only rights can come: credentials would have to be asked for. */
    private void takeDescriptors(long controlBytes, Consumer<? super OwnedDescriptor> descriptors) {
        long length = Math.min(controlBytes, control.getLong(0));
        if (control.getInt(8) != LinkCalls.SOL_SOCKET || control.getInt(12) != LinkCalls.SCM_RIGHTS) {
            return;
        }
        for (long offset = CONTROL_HEADER_BYTES; offset + 4 <= length; offset += 4) {
            descriptors.accept(new OwnedDescriptor(new Descriptor(control.getInt(offset))));
        }
    }
}
