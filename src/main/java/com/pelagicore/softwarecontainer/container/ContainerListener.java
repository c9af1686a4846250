package com.pelagicore.softwarecontainer.container;

/** Hears what happens in containers by itself. Called from a thread that must not be blocked. */
public interface ContainerListener {

    /**
     * A process started by Execute ended; each once.
     *
     * @param waitStatus raw, as of wait(2)
     */
    void processEnded(ContainerId container, long pid, int waitStatus);

    /**
     * A container came or went, or its {@link ContainerView} may have changed. Called from any thread, several at
     * once, under no lock.
     */
    void changed(ContainerId container);

    /** The container's init is gone, though nobody asked for it. */
    void died(ContainerId container);
}
