package com.pelagicore.softwarecontainer.daemon;

import java.util.Locale;

/** What a log entry may be about beside its text: keys of the MDC, and fields of the journal. */
enum LogContext {
    /** Id of the container, as clients know it. */
    CONTAINER,
    /** Unique name of the client on the bus whose call is being handled. */
    SENDER;

    String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    String field() {
        return "SC_" + name();
    }
}
