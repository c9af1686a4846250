/**
 * A container's file tree: shared read-only template, writable layer, write buffer, mounts.
 *
 * <p>Decides paths and order; the system calls are behind {@link
 * com.pelagicore.softwarecontainer.rootfs.Mounts}, {@link
 * com.pelagicore.softwarecontainer.rootfs.ContainerMounts} and {@link
 * com.pelagicore.softwarecontainer.rootfs.Trees}. Start at {@link
 * com.pelagicore.softwarecontainer.rootfs.RootfsStore}.
 */
@NullMarked
package com.pelagicore.softwarecontainer.rootfs;

import org.jspecify.annotations.NullMarked;
