package com.pelagicore.softwarecontainer.process;

import java.util.List;

/** What a container's init reports. Each exit once; {@code lost} last and once. */
public interface InitListener {

    /**
     * A process was started by {@link InitLink#spawn}, which has not returned yet.
     *
     * @param arguments its program and their arguments
     */
    void started(long pid, List<String> arguments);

    /**
     * A process started by {@link InitLink#spawn} ended.
     *
     * @param pid as returned by spawn
     * @param waitStatus raw, as of wait(2)
     */
    void ended(long pid, int waitStatus);

    /** Init is gone, so is every process of the container; not called after {@link InitLink#close}. */
    void lost();
}
