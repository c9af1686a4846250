package com.pelagicore.softwarecontainer.cli;

import com.pelagicore.softwarecontainer.bus.PassedFile;

/**
 * The standard streams of this process, the terminal that they may be, and open files. Errors of reading and
 * writing count as the end of the stream. Thread-safe.
 */
public interface Console {

    /** Which one. */
    enum Stream {
        INPUT(0),
        OUTPUT(1),
        ERROR(2);

        private final int number;

        Stream(int number) {
            this.number = number;
        }

        /** The descriptor (unistd.h). */
        public int number() {
            return number;
        }
    }

    /** Of a terminal, in characters. */
    record Size(int rows, int columns) {}

    /** Both ends of a pipe; each is closed for itself. */
    record Pipe(PassedFile reading, PassedFile writing) {}

    /** Puts the terminal back as it was. */
    interface Restore extends AutoCloseable {
        @Override
        void close();
    }

    /** False also for a stream that is closed. */
    boolean isTerminal(Stream stream);

    /** The stream itself; closing it does nothing. */
    PassedFile standard(Stream stream);

    /** Of the terminal that the stream is. */
    Size size(Stream stream);

    /** From now on the terminal that input is passes on each key as it is (termios(3), raw mode). */
    Restore raw();

    /** Changes the size of a terminal of which this is the master side. */
    void resize(PassedFile master, Size size);

    Pipe pipe();

    /**
     * Waits for bytes.
     *
     * @return how many; -1 at the end
     */
    int read(PassedFile file, byte[] buffer);

    /** Writes all of them; false if nobody reads any more. */
    boolean write(PassedFile file, byte[] buffer, int count);
}
