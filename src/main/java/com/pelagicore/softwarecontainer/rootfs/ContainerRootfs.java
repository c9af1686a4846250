package com.pelagicore.softwarecontainer.rootfs;

import java.nio.file.Path;

/**
 * The prepared file tree of one container. Absolute paths.
 *
 * @param mountPoint root of the container, mounted
 * @param bufferDirectory existing directory of the host that holds the container's write buffers
 */
public record ContainerRootfs(Path mountPoint, Path bufferDirectory) {}
