package com.pelagicore.softwarecontainer.container;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import com.pelagicore.softwarecontainer.process.InitProcess;
import com.pelagicore.softwarecontainer.rootfs.ContainerMounts;
import com.pelagicore.softwarecontainer.spec.ContainerSpec;
import com.pelagicore.softwarecontainer.spec.SocketMount;
import com.pelagicore.softwarecontainer.undo.UndoScope;
import com.pelagicore.softwarecontainer.undo.UndoStep;
import java.nio.file.Files;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sockets of servers on the host. A mount is of one socket: a server that is restarted makes another. */
final class SocketPart implements GrantPart {

    private static final Logger LOG = LoggerFactory.getLogger(SocketPart.class);

    private final ContainerHost host;
    private final String container;
    private final InitProcess init;
    private final Consumer<SocketMount> serverReturned;

    /**
     * The part of one container.
     *
     * @param serverReturned called without the container's lock; leads to {@link #attachAgain} with it
     */
    SocketPart(ContainerHost host, StartedContainer container, Consumer<SocketMount> serverReturned) {
        this.host = host;
        this.container = container.journal().header().container();
        this.init = container.init();
        this.serverReturned = serverReturned;
    }

    @Override
    public Consumer<UndoScope> plan(ContainerSpec granted, ContainerSpec wanted) {
        List<SocketMount> sockets = wanted.socketsBeyond(granted);
        sockets.forEach(this::check);
        return scope -> sockets.forEach(socket -> attach(socket, scope));
    }

    private void check(SocketMount socket) {
        if (!Files.exists(socket.hostPath())) {
            throw new SoftwareContainerException(
                    ErrorKind.NOT_FOUND,
                    "socket '" + socket.hostPath()
                            + "' does not exist on the host (is its server running?); it is from " + socket.origin());
        }
        if (host.mounts().mountAt(init, socket.containerPath()).isPresent()) {
            throw new SoftwareContainerException(
                    ErrorKind.ALREADY_EXISTS,
                    "something is mounted at '" + socket.containerPath() + "' in the container already");
        }
    }

    @Override
    public void adopt(ContainerSpec granted) {
        for (SocketMount socket : granted.sockets().values()) {
            try {
                watch(socket);
                attachAgain(socket);
            } catch (SoftwareContainerException e) {
                LOG.warn("{}: '{}' will not be followed: {}, ignoring", container, socket.hostPath(), e.getMessage());
            }
        }
    }

    /** Watched first: so no restart is missed, and one in between waits for the container's lock. */
    private void attach(SocketMount socket, UndoScope scope) {
        scope.announce(new UndoStep.EndWatch(watchName(socket)));
        watch(socket);
        host.mounts()
                .bindSocket(
                        init,
                        socket,
                        id -> scope.announce(
                                new UndoStep.UnmountInside(init.pid(), init.startTicks(), socket.containerPath(), id)));
    }

    private void watch(SocketMount socket) {
        host.watch().watch(watchName(socket), socket.hostPath(), () -> serverReturned.accept(socket));
    }

    private String watchName(SocketMount socket) {
        return container + ":" + socket.containerPath();
    }

    /** Attaches the socket of a server that was restarted. At each moment there is one mount at most: undo knows it. */
    void attachAgain(SocketMount socket) {
        ContainerMounts mounts = host.mounts();
        try {
            if (!Files.exists(socket.hostPath()) || mounts.shows(init, socket.containerPath(), socket.hostPath())) {
                return;
            }
            mounts.unmountSocket(init, socket.containerPath());
            mounts.bindSocket(init, socket, id -> {});
            LOG.debug("{}: '{}' attached again", container, socket.hostPath());
        } catch (SoftwareContainerException refused) {
            // nobody waits for an answer; the next socket that appears is tried again
            LOG.warn("{}: '{}' could not be attached again: {}", container, socket.hostPath(), refused.getMessage());
        }
    }
}
