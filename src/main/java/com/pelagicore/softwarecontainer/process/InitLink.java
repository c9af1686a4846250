package com.pelagicore.softwarecontainer.process;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;

/** A connection to the PID 1 of a container. Thread-safe. */
public interface InitLink extends AutoCloseable {

    /** To an init that is gone. */
    InitLink CLOSED = new InitLink() {
        @Override
        public long spawn(SpawnRequest request) {
            throw died();
        }

        @Override
        public Terminal openTerminal(TerminalSize size) {
            throw died();
        }

        @Override
        public boolean signal(long pid, Recipients recipients, int signal) {
            return false;
        }

        @Override
        public void signalAll(int signal) {}

        private SoftwareContainerException died() {
            return new SoftwareContainerException(ErrorKind.WRONG_STATE, "the container has died");
        }

        @Override
        public void close() {}
    };

    /**
     * Starts a process in the container. Its end is reported to the listener after its start, maybe before this returned.
     *
     * @return pid in the host's PID namespace
     * @throws com.pelagicore.softwarecontainer.error.SoftwareContainerException INVALID_ARGUMENT (working
     *     directory, output file), LIMIT_EXCEEDED, TIMED_OUT, HOST_REFUSED; nothing was started
     */
    long spawn(SpawnRequest request);

    /**
     * Makes a terminal in the container.
     *
     * @throws com.pelagicore.softwarecontainer.error.SoftwareContainerException WRONG_STATE, LIMIT_EXCEEDED,
     *     TIMED_OUT, HOST_REFUSED
     */
    Terminal openTerminal(TerminalSize size);

    /**
     * Sends a signal to a process started by {@link #spawn}; it arrives after this returned.
     *
     * @return false if it has ended
     */
    boolean signal(long pid, Recipients recipients, int signal);

    /** Sends a signal to all processes of the container but its init. */
    void signalAll(int signal);

    @Override
    void close();
}
