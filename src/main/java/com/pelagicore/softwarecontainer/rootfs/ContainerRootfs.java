package com.pelagicore.softwarecontainer.rootfs;

import java.nio.file.Path;

/**
 * The prepared file tree of one container. Absolute paths.
 *
 * @param mountPoint root of the container, mounted
 * @param bufferDirectory existing directory of the host that holds the container's write buffers
 */
public record ContainerRootfs(Path mountPoint, Path bufferDirectory) {

    /** Place for files about its processes, on the host only; gone after a reboot. Need not exist. */
    public Path processDirectory() {
        return mountPoint.resolveSibling("processes");
    }
}
