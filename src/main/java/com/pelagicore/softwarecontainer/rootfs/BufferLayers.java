package com.pelagicore.softwarecontainer.rootfs;

import java.nio.file.Path;

/**
 * The write buffer of one mounted directory: empty directories of one file system.
 *
 * @param upper receives what is written
 * @param work for overlayfs itself
 */
public record BufferLayers(Path upper, Path work) {}
