package com.pelagicore.softwarecontainer.container;

/** Hears what happens in containers by itself. Called from a thread that must not be blocked. */
public interface ContainerListener {

    /**
     * A process started by Execute ended; each once, but maybe once more by a later agent.
     *
     * @param waitStatus raw, as of wait(2)
     * @param heard to be run when whom it concerns has been told; until then a later agent will report it again
     */
    void processEnded(ContainerId container, long pid, int waitStatus, Runnable heard);

    /**
     * A container came or went, or its {@link ContainerView} may have changed. Called from any thread, several at
     * once, under no lock.
     */
    void changed(ContainerId container);

    /** The container's init is gone, though nobody asked for it. */
    void died(ContainerId container);
}
