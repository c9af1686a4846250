package com.pelagicore.softwarecontainer.rootfs;

import java.nio.file.Path;

/**
 * What an overlay needs besides its lower directory: empty directories of one file system, with one parent.
 *
 * @param upper receives what is written
 * @param work for overlayfs itself
 */
public record BufferLayers(Path upper, Path work) {}
