package com.pelagicore.softwarecontainer.process;

/** A connection to the PID 1 of a container. Thread-safe. */
public interface InitLink extends AutoCloseable {

    /**
     * Starts a process in the container; its end is reported to the listener, never before this returned.
     *
     * @return pid in the host's PID namespace
     * @throws com.pelagicore.softwarecontainer.error.SoftwareContainerException INVALID_ARGUMENT (working
     *     directory, output file), LIMIT_EXCEEDED, TIMED_OUT, HOST_REFUSED; nothing was started
     */
    long spawn(SpawnRequest request);

    @Override
    void close();
}
