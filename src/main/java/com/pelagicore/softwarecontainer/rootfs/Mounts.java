package com.pelagicore.softwarecontainer.rootfs;

import com.pelagicore.softwarecontainer.spec.IdRange;
import java.nio.file.Path;

/**
 * Mounts in the host's mount namespace, private to the agent's directories. Failures are
 * {@code SoftwareContainerException} of kind HOST_REFUSED with call and errno name.
 */
public interface Mounts {

    /** Mounts a tmpfs (nosuid, nodev, mode 0700) on an existing directory. */
    void tmpfs(Path target, long sizeBytes);

    /** Mounts an overlay on an existing directory. Propagation private. */
    void overlay(Path target, Path lower, BufferLayers layers);

    /**
     * The same for a container with users of its own: files of the lower directory belong to them as on the host,
     * root's to the first of the ids.
     */
    void overlay(Path target, Path lower, BufferLayers layers, IdRange ids);

    /** Detaches whatever is mounted at {@code target}, all layers of it. Not a mount point or missing: nothing. */
    void unmount(Path target);
}
