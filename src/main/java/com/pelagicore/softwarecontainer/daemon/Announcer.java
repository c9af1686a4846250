package com.pelagicore.softwarecontainer.daemon;

import com.pelagicore.softwarecontainer.agent.ProcessListener;
import com.pelagicore.softwarecontainer.container.ContainerId;
import com.pelagicore.softwarecontainer.container.ContainerListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs what happens in containers, and tells the front door of it. */
final class Announcer implements ContainerListener {

    private static final Logger LOG = LoggerFactory.getLogger(Announcer.class);

    private final ProcessListener door;

    Announcer(ProcessListener door) {
        this.door = door;
    }

    @Override
    public void processEnded(ContainerId container, long pid, int waitStatus) {
        LOG.info("{}: process {} ended, wait status {}", container, pid, waitStatus);
        door.processEnded(container, pid, waitStatus);
    }

    @Override
    public void died(ContainerId container) {
        LOG.warn("{}: died; it can only be destroyed", container);
    }
}
