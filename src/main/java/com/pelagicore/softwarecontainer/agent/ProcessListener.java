package com.pelagicore.softwarecontainer.agent;

import com.pelagicore.softwarecontainer.container.ContainerId;

/** Hears of processes that ended. Called from a thread of the agent; must not block. */
public interface ProcessListener {

    /**
     * Each process once.
     *
     * @param waitStatus raw, as of wait(2)
     */
    void processEnded(ContainerId container, long pid, int waitStatus);
}
