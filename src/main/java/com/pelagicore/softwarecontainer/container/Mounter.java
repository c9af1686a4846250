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
import java.util.OptionalLong;

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
     * A mount that can be made.
     *
     * @param below what is mounted at the place already
     */
    record Plan(BindMount mount, OptionalLong below) {}

    /**
     * Checks a mount, changes nothing.
     *
     * @throws SoftwareContainerException NOT_FOUND on the host; ALREADY_EXISTS: something is mounted at the place
     */
    Plan plan(BindMount mount) {
        return free(planUpon(mount));
    }

    private static Plan free(Plan plan) {
        if (plan.below().isPresent()) {
            throw new SoftwareContainerException(
                    ErrorKind.ALREADY_EXISTS,
                    "something is mounted at '" + plan.mount().containerPath() + "' in the container already");
        }
        return plan;
    }

    /** The same for a mount that may cover an earlier one. */
    Plan planUpon(BindMount mount) {
        if (!Files.exists(mount.hostPath())) {
            throw new SoftwareContainerException(
                    ErrorKind.NOT_FOUND, "'" + mount.hostPath() + "' does not exist on the host");
        }
        return new Plan(mount, host.mounts().mountAt(init, mount.containerPath()));
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
        Plan plan = free(new Plan(mount, host.mounts().mountAt(init, mount.containerPath())));
        scope.announce(unmount(plan));
        host.mounts().bindWithin(init, directory, mount);
    }

    void mount(Plan plan, UndoScope scope) {
        BindMount mount = plan.mount();
        UndoStep unmount = unmount(plan);
        if (writeBuffer && !mount.readOnly() && Files.isDirectory(mount.hostPath())) {
            BufferLayers layers = host.rootfs().bufferFor(rootfs, scope::announce);
            scope.announce(new UndoStep.WriteBack(layers.upper(), realPath(mount.hostPath())));
            scope.announce(unmount);
            host.mounts().bindBuffered(init, mount, layers);
        } else {
            scope.announce(unmount);
            host.mounts().bind(init, mount);
        }
    }

    private UndoStep unmount(Plan plan) {
        return new UndoStep.UnmountInside(
                init.pid(),
                init.startTicks(),
                plan.mount().containerPath(),
                plan.below().orElse(UndoStep.UnmountInside.NONE));
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
