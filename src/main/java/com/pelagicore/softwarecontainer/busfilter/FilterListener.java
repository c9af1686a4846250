package com.pelagicore.softwarecontainer.busfilter;

import java.time.Duration;
import java.util.Optional;

/** A listening Unix stream socket that never blocks. */
public interface FilterListener extends EventSource {

    /** What to wait after {@link #accept} has failed: who waits for a connection would be reported again at once. */
    Duration RECOVERY = Duration.ofSeconds(1);

    /**
     * The next connection, if somebody waits.
     *
     * @throws com.pelagicore.softwarecontainer.error.SoftwareContainerException HOST_REFUSED: somebody may wait, but
     *     there are no descriptors left, for instance
     */
    Optional<FilterSocket> accept();

    /** Another descriptor of the same socket, for another process; this one stays open. */
    PassedDescriptor share();
}
