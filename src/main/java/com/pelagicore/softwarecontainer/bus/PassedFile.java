package com.pelagicore.softwarecontainer.bus;

/** An open file that came with a message, or that goes with one. Whoever has it closes it. */
public interface PassedFile extends AutoCloseable {

    /** The descriptor, of this process; valid until it is closed. */
    int number();

    /** Closed already: nothing. */
    @Override
    void close();
}
