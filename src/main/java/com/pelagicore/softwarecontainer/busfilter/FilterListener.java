package com.pelagicore.softwarecontainer.busfilter;

import java.util.Optional;

/** A listening Unix stream socket that never blocks. */
public interface FilterListener extends EventSource {

    /** The next connection, if somebody waits. */
    Optional<FilterSocket> accept();
}
