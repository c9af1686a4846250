package com.pelagicore.softwarecontainer.busfilter;

/** Something that {@link Events} can watch. */
public interface EventSource extends AutoCloseable {

    /** To be called after {@link Events#forget}. */
    @Override
    void close();
}
