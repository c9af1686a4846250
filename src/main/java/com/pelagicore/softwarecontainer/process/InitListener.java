package com.pelagicore.softwarecontainer.process;

/** What a container's init reports. Each exit once; {@code lost} last and once. */
public interface InitListener {

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
