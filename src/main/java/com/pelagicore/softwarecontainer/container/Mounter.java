package com.pelagicore.softwarecontainer.container;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import com.pelagicore.softwarecontainer.process.InitProcess;
import com.pelagicore.softwarecontainer.rootfs.BufferLayers;
import com.pelagicore.softwarecontainer.rootfs.ContainerRootfs;
import com.pelagicore.softwarecontainer.spec.BindMount;
import com.pelagicore.softwarecontainer.undo.UndoScope;
import com.pelagicore.softwarecontainer.undo.UndoStep;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Mounts files and directories of the host into one container, through its write buffer if it has one. */
final class Mounter {

    private final ContainerHost host;
    private final ContainerRootfs rootfs;
    private final InitProcess init;
    private final boolean writeBuffer;

    Mounter(ContainerHost host, StartedContainer container, boolean writeBuffer) {
        this.host = host;
        this.rootfs = container.rootfs();
        this.init = container.init();
        this.writeBuffer = writeBuffer;
    }

    /**
     * Checks a mount, changes nothing.
     *
     * @throws SoftwareContainerException NOT_FOUND on the host; ALREADY_EXISTS: something is mounted at the place
     */
    void check(BindMount mount) {
        checkUpon(mount);
        requireFree(mount);
    }

    /** The same for a mount that may cover an earlier one. */
    void checkUpon(BindMount mount) {
        if (!Files.exists(mount.hostPath())) {
            throw new SoftwareContainerException(
                    ErrorKind.NOT_FOUND, "'" + mount.hostPath() + "' does not exist on the host");
        }
    }

    private void requireFree(BindMount mount) {
        if (host.mounts().mountAt(init, mount.containerPath()).isPresent()) {
            throw new SoftwareContainerException(
                    ErrorKind.ALREADY_EXISTS,
                    "something is mounted at '" + mount.containerPath() + "' in the container already");
        }
    }

    /**
     * Mounts what lies in a directory of the host. Not for writing into a container with a write buffer: root
     * writes the buffer back, to whatever is at the path by then.
     */
    void mountWithin(Path directory, BindMount mount, UndoScope scope) {
        if (writeBuffer && !mount.readOnly()) {
            throw new SoftwareContainerException(
                    ErrorKind.ACCESS_DENIED, "only root may mount for writing into a container with a write buffer");
        }
        requireFree(mount);
        host.mounts().bindWithin(init, directory, mount, id -> scope.announce(unmount(mount, id)));
    }

    /** Mounts what was checked. */
    void mount(BindMount mount, UndoScope scope) {
        if (writeBuffer && !mount.readOnly() && Files.isDirectory(mount.hostPath())) {
            BufferLayers layers = host.rootfs().bufferFor(rootfs, scope::announce);
            scope.announce(new UndoStep.WriteBack(layers.upper(), realPath(mount.hostPath())));
            host.mounts().bindBuffered(init, mount, layers, id -> scope.announce(unmount(mount, id)));
        } else {
            host.mounts().bind(init, mount, id -> scope.announce(unmount(mount, id)));
        }
    }

    private UndoStep unmount(BindMount mount, long id) {
        return new UndoStep.UnmountInside(init.pid(), init.startTicks(), mount.containerPath(), id);
    }

    /** Where a buffer is written back to must not depend on links that somebody may change meanwhile. */
    private static Path realPath(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            throw new SoftwareContainerException(ErrorKind.NOT_FOUND, "'" + path + "' does not exist on the host", e);
        }
    }
}
