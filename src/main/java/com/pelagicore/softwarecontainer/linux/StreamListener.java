package com.pelagicore.softwarecontainer.linux;

import com.pelagicore.softwarecontainer.busfilter.FilterListener;
import com.pelagicore.softwarecontainer.busfilter.FilterSocket;
import com.pelagicore.softwarecontainer.busfilter.PassedDescriptor;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Optional;

/** A listening socket that does not block. */
final class StreamListener implements FilterListener, PolledSource {

    private static final int BACKLOG = 64;

    private final Descriptor descriptor;
    private final DescriptorMessage message;

    StreamListener(Descriptor descriptor, DescriptorMessage message) {
        this.descriptor = descriptor;
        this.message = message;
    }

    /** Makes a socket file; the path must not exist. */
    static Descriptor listen(Path path, int mode) {
        byte[] name = FileName.of(path).terminated();
        Descriptor socket = newSocket();
        ByteBuffer address = ByteBuffer.allocateDirect(2 + name.length).order(ByteOrder.nativeOrder());
        address.putShort((short) LinkCalls.AF_UNIX).put(name).flip();
        if (FilterCalls.bind(socket.number(), address, address.limit()) < 0
                || FileCalls.chmod(name, mode) < 0
                || FilterCalls.listen(socket.number(), BACKLOG) < 0) {
            int errno = Errno.last();
            socket.close();
            throw Errno.refused("listen('" + path + "')", errno);
        }
        return socket;
    }

    static Descriptor newSocket() {
        int socket = LinkCalls.socket(
                LinkCalls.AF_UNIX, FilterCalls.SOCK_STREAM | FilterCalls.SOCK_NONBLOCK | LinkCalls.SOCK_CLOEXEC, 0);
        if (socket < 0) {
            throw Errno.refused("socket(AF_UNIX)");
        }
        return new Descriptor(socket);
    }

    @Override
    public Descriptor descriptor() {
        return descriptor;
    }

    @Override
    public Optional<FilterSocket> accept() {
        int socket = FilterCalls.accept4(
                descriptor.number(), Pointer.NULL, Pointer.NULL, FilterCalls.SOCK_NONBLOCK | LinkCalls.SOCK_CLOEXEC);
        if (socket >= 0) {
            return Optional.of(new StreamSocket(new Descriptor(socket), message));
        }
        int errno = Errno.last();
        if (errno == Errno.EAGAIN || errno == Errno.EINTR || errno == Errno.ECONNABORTED) {
            return Optional.empty();
        }
        throw Errno.refused("accept4()", errno);
    }

    @Override
    public PassedDescriptor share() {
        int shared = LinkCalls.fcntl(descriptor.number(), LinkCalls.F_DUPFD_CLOEXEC, 0);
        if (shared < 0) {
            throw Errno.refused("fcntl(F_DUPFD_CLOEXEC)");
        }
        return new OwnedDescriptor(new Descriptor(shared));
    }

    @Override
    public void close() {
        descriptor.close();
    }
}
