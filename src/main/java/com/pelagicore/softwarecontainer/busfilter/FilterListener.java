package com.pelagicore.softwarecontainer.busfilter;

import java.util.Optional;

/** A listening Unix stream socket that never blocks. */
public interface FilterListener extends EventSource {

    /** The next connection, if somebody waits. */
    Optional<FilterSocket> accept();

    /** Another descriptor of the same socket, for another process; this one stays open. */
    PassedDescriptor share();
}
