package com.pelagicore.softwarecontainer.busfilter;

/** An open file descriptor that came with a message; whoever holds it closes it. */
public interface PassedDescriptor extends AutoCloseable {

    @Override
    void close();
}
