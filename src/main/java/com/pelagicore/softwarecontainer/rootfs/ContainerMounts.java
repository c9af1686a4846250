package com.pelagicore.softwarecontainer.rootfs;

import com.pelagicore.softwarecontainer.process.InitProcess;
import com.pelagicore.softwarecontainer.spec.BindMount;
import com.pelagicore.softwarecontainer.spec.SocketMount;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.function.LongConsumer;

/**
 * Changes to the file tree of a running container, made from outside in its mount namespace. Paths in the
 * container are resolved so that no link in it leads out of it. Nothing of this is visible in the host's
 * mount table; it is gone when the container is. May be called from any thread, also at once for one
 * container. Failures are {@code SoftwareContainerException}.
 *
 * <p>Each mount has an id of the kernel's, 1 or more, which no other gets while it exists, and since Linux 6.8 none ever
 * (STATX_MNT_ID_UNIQUE of statx(2)). Whoever mounts hears it before the mount shows in the container, and may still
 * refuse by an exception: the container can let a path lead anywhere later, so that only the id tells what was made.
 */
public interface ContainerMounts {

    /**
     * Bind-mounts, recursively; missing directories (0755) and the target are made.
     *
     * @param id hears the mount's id
     */
    void bind(InitProcess init, BindMount mount, LongConsumer id);

    /**
     * Bind-mounts for somebody who is not root: without what is mounted below it and without device nodes, and
     * only what lies in the directory and on its file system, links followed.
     *
     * @param directory of the host; the host path begins with it
     * @param id hears the mount's id
     * @throws com.pelagicore.softwarecontainer.error.SoftwareContainerException ACCESS_DENIED: links lead out of the
     *     directory, or it is for writing and set-user-ID files count there; NOT_FOUND
     */
    void bindWithin(InitProcess init, Path directory, BindMount mount, LongConsumer id);

    /**
     * Mounts a directory of the host as the lower layer of an overlay, so that changes go to the upper one.
     *
     * @param layers of which the upper one gets mode and owner of the host directory
     * @param id hears the mount's id
     */
    void bindBuffered(InitProcess init, BindMount mount, BufferLayers layers, LongConsumer id);

    /**
     * Bind-mounts a socket, writable.
     *
     * @param id hears the mount's id
     * @throws com.pelagicore.softwarecontainer.error.SoftwareContainerException INVALID_ARGUMENT if there is
     *     something else at the host path
     */
    void bindSocket(InitProcess init, SocketMount socket, LongConsumer id);

    /**
     * Detaches the topmost mount where this path leads. Container gone, or no mount there: nothing.
     *
     * @param id of the mount, or 0 if it is not known: then the path must be free of links, and not below /proc or /sys
     * @throws com.pelagicore.softwarecontainer.error.SoftwareContainerException ALREADY_EXISTS: another mount is there,
     *     and stays
     */
    void unmount(InitProcess init, Path containerPath, long id);

    /**
     * The same for whatever socket is mounted there: such a mount covers nothing that anybody relies on.
     *
     * @throws com.pelagicore.softwarecontainer.error.SoftwareContainerException ALREADY_EXISTS: something else than a
     *     socket is mounted there, and stays
     */
    void unmountSocket(InitProcess init, Path containerPath);

    /** The id of the topmost mount where this path leads. Nothing mounted there, path missing, container gone: empty. */
    OptionalLong mountAt(InitProcess init, Path containerPath);

    /**
     * Makes what proc(5) and sysfs(5) show of the host unreadable or read-only, for good. To be called before
     * anything but init runs in the container.
     */
    void protect(InitProcess init);

    /** Whether a path in the container leads to that very file of the host; one of them missing: false. */
    boolean shows(InitProcess init, Path containerPath, Path hostPath);

    /** Writes a file (0644), replacing it in one step; parents must exist. */
    void writeFile(InitProcess init, Path containerPath, String content);
}
