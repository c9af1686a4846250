package com.pelagicore.softwarecontainer.daemon;

import com.pelagicore.softwarecontainer.agent.ProcessListener;
import com.pelagicore.softwarecontainer.container.ContainerId;
import com.pelagicore.softwarecontainer.container.ContainerListener;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** Logs what happens in containers, and tells the front door of it. */
final class Announcer implements ContainerListener {

    private static final Logger LOG = LoggerFactory.getLogger(Announcer.class);

    private final ProcessListener door;
    private final Consumer<ContainerId> changes;
    private final LimitReports limits;

    /** @param usage as the property of that name in dbus-interfaces/; nothing of a container that is gone */
    Announcer(ProcessListener door, Consumer<ContainerId> changes, Function<ContainerId, Map<String, Long>> usage) {
        this.door = door;
        this.changes = changes;
        this.limits = new LimitReports(usage);
    }

    @Override
    public void processEnded(ContainerId container, long pid, int waitStatus, Runnable heard) {
        about(container);
        LOG.info("process {} ended, wait status {}", pid, waitStatus);
        aboutNone();
        door.processEnded(container, pid, waitStatus, heard);
        if (waitStatus != 0) {
            about(container);
            limits.look(container);
            aboutNone();
        }
    }

    @Override
    public void changed(ContainerId container) {
        changes.accept(container);
        limits.forgetIfGone(container);
    }

    @Override
    public void died(ContainerId container) {
        about(container);
        LOG.warn("died; it can only be destroyed");
        aboutNone();
    }

    private static void about(ContainerId container) {
        MDC.put(LogContext.CONTAINER.key(), Integer.toString(container.value()));
    }

    private static void aboutNone() {
        MDC.remove(LogContext.CONTAINER.key());
    }
}
