package com.pelagicore.softwarecontainer.linux;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import com.pelagicore.softwarecontainer.process.InitProcess;
import com.pelagicore.softwarecontainer.rootfs.BufferLayers;
import com.pelagicore.softwarecontainer.rootfs.ContainerMounts;
import com.pelagicore.softwarecontainer.spec.BindMount;
import com.pelagicore.softwarecontainer.spec.SocketMount;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.function.LongConsumer;

/**
 * Makes each mount detached on the host's side, where paths mean what the caller meant, and then moves it
 * to a descriptor of the target in the container's mount namespace.
 */
public final class LinuxContainerMounts implements ContainerMounts {

    private static final int WRITABLE_FOR_ALL = 2;

    private final MountMapping mapping;

    /**
     * For containers with and without users of their own.
     *
     * @param mappingRequired refuses mounts that cannot show their files to users of a container
     */
    public LinuxContainerMounts(boolean mappingRequired) {
        this.mapping = new MountMapping(mappingRequired);
    }

    @Override
    public void bind(InitProcess init, BindMount mount, LongConsumer id) {
        Descriptor tree = DetachedMount.ofTree(mount.hostPath());
        attach(init, tree, mount, () -> {
            mapping.apply(tree, init, mount.hostPath());
            id.accept(mountId(tree, mount));
        });
    }

    @Override
    public void bindWithin(InitProcess init, Path directory, BindMount mount, LongConsumer id) {
        Descriptor tree = LimitedSource.open(directory, mount);
        attach(init, tree, mount, () -> {
            mapping.apply(tree, init, mount.hostPath());
            id.accept(mountId(tree, mount));
        });
    }

    @Override
    public void bindBuffered(InitProcess init, BindMount mount, BufferLayers layers, LongConsumer id) {
        Descriptor overlay;
        try (Descriptor lower = DetachedMount.ofFileSystem(mount.hostPath())) {
            mapping.apply(lower, init, mount.hostPath());
            overlay = WriteBuffer.mount(lower, layers, UserMap.of(init));
        }
        attach(init, overlay, mount, () -> id.accept(mountId(overlay, mount)));
    }

    /** What counts is the open file: the path may lead elsewhere in the next moment. */
    @Override
    public void bindSocket(InitProcess init, SocketMount socket, LongConsumer id) {
        Descriptor file = DetachedMount.ofFileSystem(socket.hostPath());
        BindMount mount = new BindMount(socket.hostPath(), socket.containerPath(), false);
        attach(init, file, mount, () -> {
            FileStatus status = FileStatus.of(file, socket.hostPath().toString());
            if (status.type() != FileStatus.SOCKET) {
                throw new SoftwareContainerException(
                        ErrorKind.INVALID_ARGUMENT, "'" + socket.hostPath() + "' on the host is not a socket");
            }
            if (!mapping.applyToSocket(file, init) && (status.permissions() & WRITABLE_FOR_ALL) == 0) {
                throw new SoftwareContainerException(
                        ErrorKind.HOST_REFUSED,
                        "socket '" + socket.hostPath() + "' could not be connected to from a container with users of"
                                + " its own: its permissions do not allow it to all, and its file system cannot be"
                                + " mapped (tmpfs can since Linux 6.3)");
            }
            id.accept(mountId(file, mount));
        });
    }

    /** Takes over the mount. */
    private static void attach(InitProcess init, Descriptor tree, BindMount mount, Runnable preparation) {
        try {
            preparation.run();
        } catch (RuntimeException refused) {
            tree.close();
            throw refused;
        }
        NamespaceThread.call(init, MountCalls.CLONE_NEWNS, new Attachment(tree, mount));
    }

    private static long mountId(Descriptor mount, BindMount request) {
        return FileStatus.of(mount, request.hostPath().toString()).mountId();
    }

    @Override
    public void unmount(InitProcess init, Path containerPath, long id) {
        detach(init, id == 0 ? Detachment.asNamed(containerPath) : Detachment.ofMount(containerPath, id));
    }

    @Override
    public void unmountSocket(InitProcess init, Path containerPath) {
        detach(init, Detachment.ofSocket(containerPath));
    }

    private static void detach(InitProcess init, Detachment detachment) {
        try {
            NamespaceThread.call(init, MountCalls.CLONE_NEWNS, detachment);
        } catch (SoftwareContainerException refused) {
            if (refused.kind() != ErrorKind.WRONG_STATE) {
                throw refused;
            }
        }
    }

    @Override
    public OptionalLong mountAt(InitProcess init, Path containerPath) {
        try {
            return NamespaceThread.call(init, MountCalls.CLONE_NEWNS, entered -> mountAt(entered, containerPath));
        } catch (SoftwareContainerException refused) {
            if (refused.kind() == ErrorKind.WRONG_STATE) {
                return OptionalLong.empty();
            }
            throw refused;
        }
    }

    private static OptionalLong mountAt(NamespaceThread.Entered entered, Path containerPath) {
        int opened = Opening.inRoot(entered.root(), FileName.of(containerPath), Opening.PATH_ONLY);
        if (opened == -Errno.ENOENT || opened == -Errno.ENOTDIR || opened == -Errno.ELOOP) {
            return OptionalLong.empty();
        }
        try (Descriptor target = Opening.checked(opened, containerPath::toString)) {
            FileStatus status = FileStatus.of(target, containerPath.toString());
            return status.mountRoot() ? OptionalLong.of(status.mountId()) : OptionalLong.empty();
        }
    }

    @Override
    public void protect(InitProcess init) {
        NamespaceThread.call(init, MountCalls.CLONE_NEWNS, new Protection());
    }

    @Override
    public boolean shows(InitProcess init, Path containerPath, Path hostPath) {
        int opened = Opening.host(FileName.of(hostPath), Opening.PATH_ONLY);
        if (opened == -Errno.ENOENT || opened == -Errno.ENOTDIR) {
            return false;
        }
        try (Descriptor file = Opening.checked(opened, hostPath::toString)) {
            FileStatus wanted = FileStatus.of(file, hostPath.toString());
            return NamespaceThread.call(
                    init, MountCalls.CLONE_NEWNS, entered -> isThere(wanted, entered, containerPath));
        }
    }

    private static boolean isThere(FileStatus wanted, NamespaceThread.Entered entered, Path containerPath) {
        int opened = Opening.inRoot(entered.root(), FileName.of(containerPath), Opening.PATH_ONLY);
        if (opened == -Errno.ENOENT || opened == -Errno.ENOTDIR || opened == -Errno.ELOOP) {
            return false;
        }
        try (Descriptor found = Opening.checked(opened, containerPath::toString)) {
            return FileStatus.of(found, containerPath.toString()).isSameFile(wanted);
        }
    }

    @Override
    public void writeFile(InitProcess init, Path containerPath, String content) {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        NamespaceThread.call(
                init, MountCalls.CLONE_NEWNS, entered -> ContainerFile.write(entered, containerPath, bytes));
    }
}
