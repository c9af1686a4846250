package com.pelagicore.softwarecontainer.process;

import java.util.List;

/** What a container's init reports; from one thread at a time, in order. {@code lost} last and once. */
public interface InitListener {

    /**
     * A process was started by {@link InitLink#spawn}, which has not returned yet.
     *
     * @param arguments its program and their arguments, as far as they are to be shown
     */
    void started(long pid, List<String> arguments);

    /**
     * A process started by {@link InitLink#spawn} ended, of this link or an earlier one.
     *
     * @param pid as returned by spawn
     * @param waitStatus raw, as of wait(2)
     * @param heard to be run when whom it concerns has been told, by any thread; until then init keeps the status,
     *     and reports it to a later link again
     */
    void ended(long pid, int waitStatus, Runnable heard);

    /** Init is gone, so is every process of the container; not called after {@link InitLink#close}. */
    void lost();
}
