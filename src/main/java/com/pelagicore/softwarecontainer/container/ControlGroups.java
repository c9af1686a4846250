package com.pelagicore.softwarecontainer.container;

import java.util.Optional;

/**
 * Control groups of running containers. Keys are names of files of cgroup v1 or v2, whichever the host has for
 * that controller; {@code devices.allow} and {@code devices.deny} work with both. Containers are named as for
 * {@link ContainerRuntime}. Thread-safe.
 */
public interface ControlGroups {

    /** The value, without the newline at its end; may have lines. Empty: no such key, unreadable, or no container. */
    Optional<String> read(String name, String key);

    /**
     * Sets a value.
     *
     * @throws com.pelagicore.softwarecontainer.error.SoftwareContainerException HOST_REFUSED, with the reason
     */
    void set(String name, String key, String value);

    /** Sets a value of a container whose definition carries the marker; not running, or without the marker: nothing. */
    void restore(String name, String marker, String key, String value);
}
