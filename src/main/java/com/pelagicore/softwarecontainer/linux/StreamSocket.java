package com.pelagicore.softwarecontainer.linux;

import com.pelagicore.softwarecontainer.busfilter.FilterSocket;
import com.pelagicore.softwarecontainer.busfilter.PassedDescriptor;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;

/** A connected socket that does not block. */
final class StreamSocket implements FilterSocket, PolledSource {

    private final Descriptor descriptor;
    private final DescriptorMessage message;

    StreamSocket(Descriptor descriptor, DescriptorMessage message) {
        this.descriptor = descriptor;
        this.message = message;
    }

    @Override
    public Descriptor descriptor() {
        return descriptor;
    }

    @Override
    public int receive(ByteBuffer target, Consumer<PassedDescriptor> descriptors) {
        long count = message.receive(descriptor, target, LinkCalls.MSG_DONTWAIT, descriptors);
        if (count > 0) {
            target.position(target.position() + (int) count);
            return (int) count;
        }
        return count == 0 || !isTransient() ? END : 0;
    }

    @Override
    public int send(ByteBuffer source, List<PassedDescriptor> descriptors) {
        long count = descriptors.isEmpty()
                ? FilterCalls.send(
                        descriptor.number(),
                        source,
                        source.remaining(),
                        LinkCalls.MSG_DONTWAIT | LinkCalls.MSG_NOSIGNAL)
                : message.send(
                        descriptor,
                        source,
                        LinkCalls.MSG_DONTWAIT,
                        descriptors.stream()
                                .map(passed -> ((OwnedDescriptor) passed).number())
                                .toList());
        if (count > 0) {
            source.position(source.position() + (int) count);
            return (int) count;
        }
        return isTransient() ? 0 : END;
    }

    private static boolean isTransient() {
        int errno = Errno.last();
        return errno == Errno.EAGAIN || errno == Errno.EINTR;
    }

    @Override
    public void close() {
        descriptor.close();
    }
}
