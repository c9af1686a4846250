package com.pelagicore.softwarecontainer.rootfs;

import java.nio.file.Path;

/**
 * Work on whole directory trees of the host, by descriptors: no symbolic link is ever followed and no mount
 * point crossed. Failures are {@code SoftwareContainerException} that name the file.
 */
public interface Trees {

    /**
     * Deletes a file or a directory with all below it. Missing: nothing.
     *
     * @throws com.pelagicore.softwarecontainer.error.SoftwareContainerException HOST_REFUSED if something is
     *     mounted below; what lies beside the mount may be gone by then
     */
    void delete(Path root);

    /**
     * Carries the upper layer of an overlay over to its lower directory: new, changed and deleted files,
     * directories, symbolic links, special files, modes, owners, times, extended attributes. The overlay
     * must not be mounted any more. Each file is replaced in one step. Done again, it has the same result;
     * {@code upper} is left as it is. Upper missing, or never mounted by {@link
     * ContainerMounts#bindBuffered}: nothing. What is mounted below {@code lower} is not touched: changes go
     * to the file system that the container saw.
     *
     * @throws com.pelagicore.softwarecontainer.error.SoftwareContainerException NOT_FOUND if lower is gone,
     *     else HOST_REFUSED; what was carried over so far stays, and {@code upper} still has everything
     */
    void writeBack(Path upper, Path lower);
}
