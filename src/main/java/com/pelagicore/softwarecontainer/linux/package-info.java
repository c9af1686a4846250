/**
 * System calls: mounts, namespaces, sockets, child processes; implements the ports of floor 1.
 *
 * <p>Nulls and errno values are converted here; nothing native leaves this room. Start at {@code LinuxContainerMounts}; calls of the C library
 * are in {@code FileCalls}, {@code MountCalls} and the like.
 */
@NullMarked
package com.pelagicore.softwarecontainer.linux;

import org.jspecify.annotations.NullMarked;
