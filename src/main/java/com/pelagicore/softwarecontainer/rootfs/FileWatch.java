package com.pelagicore.softwarecontainer.rootfs;

import java.nio.file.Path;

/**
 * Tells when a file of the host may have been made anew, also if its directories went and came back. Thread-safe.
 * Failures are {@code SoftwareContainerException}.
 */
public interface FileWatch {

    /**
     * Begins to watch.
     *
     * @param name of the watch, for {@link #unwatch}; takes the place of an earlier one of that name
     * @param hostPath absolute; need not exist
     * @param appeared called from a thread that may be blocked for a while, at least once after each time that a
     *     file has appeared at the path; sometimes for nothing; a last time maybe just after {@link #unwatch}
     */
    void watch(String name, Path hostPath, Runnable appeared);

    /** Ends a watch; there is none of that name: nothing. */
    void unwatch(String name);
}
