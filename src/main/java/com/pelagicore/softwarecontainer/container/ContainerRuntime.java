package com.pelagicore.softwarecontainer.container;

import com.pelagicore.softwarecontainer.process.InitProcess;
import com.pelagicore.softwarecontainer.spec.Confinement;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Starts and stops containers. Names are unique per LXC path; different names may be used from different
 * threads at once. All failures are {@code SoftwareContainerException} of kind HOST_REFUSED or TIMED_OUT.
 */
public interface ContainerRuntime {

    /**
     * Writes the definition of a container, marked as made by this agent.
     *
     * @param rootfs absolute path of the mounted root
     * @param marker text that {@link #undefine} recognises the definition by
     * @param confinement pieces that the host must have
     * @throws com.pelagicore.softwarecontainer.error.SoftwareContainerException ALREADY_EXISTS if a
     *     container of that name is defined that does not carry the marker
     */
    void define(String name, Path rootfs, String marker, Confinement confinement);

    /** Starts a defined container; returns when its init runs. */
    InitProcess start(String name);

    /** Waits until a start that an agent began, of which nothing but this is known, has ended or is given up. */
    void awaitStart(String name);

    /** The init of a running container; not running, or without the marker in its definition: empty. */
    Optional<InitProcess> init(String name, String marker);

    /**
     * Whether a running container is suspended; a {@link #freeze} or {@link #unfreeze} that was cut off half-way is
     * brought to an end first, one or the other.
     */
    boolean isFrozen(String name);

    void freeze(String name);

    void unfreeze(String name);

    /**
     * Kills all processes, also of a frozen container, and waits until they and LXC's monitor are gone.
     * Not running, or without the marker in its definition: nothing.
     *
     * @throws com.pelagicore.softwarecontainer.error.SoftwareContainerException TIMED_OUT if they are not
     *     gone after {@code timeout}
     */
    void stop(String name, String marker, Duration timeout);

    /** Removes the definition if it carries the marker, else does nothing. The container must be stopped. */
    void undefine(String name, String marker);
}
