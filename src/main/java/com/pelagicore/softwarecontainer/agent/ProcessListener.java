package com.pelagicore.softwarecontainer.agent;

import com.pelagicore.softwarecontainer.container.ContainerId;

/** Hears of processes that ended. Called from a thread of the agent; must not block. */
public interface ProcessListener {

    /**
     * Each process once, but maybe once more by a later agent.
     *
     * @param waitStatus raw, as of wait(2)
     * @param heard to be run, by any thread, when those whom it concerns have been told; until then a later agent
     *     will report it again
     */
    void processEnded(ContainerId container, long pid, int waitStatus, Runnable heard);
}
