package com.pelagicore.softwarecontainer.process;

import java.time.Duration;

/** Opens links to the PID 1 of containers. */
public interface InitConnector {

    /**
     * Connects to the init of a container that was just started, or taken over.
     *
     * @param listener called from one thread of the connector; must not block
     * @throws com.pelagicore.softwarecontainer.error.SoftwareContainerException TIMED_OUT, HOST_REFUSED
     */
    InitLink connect(InitProcess init, InitListener listener, Duration timeout);
}
