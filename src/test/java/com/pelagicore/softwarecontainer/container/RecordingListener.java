package com.pelagicore.softwarecontainer.container;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Writes down what it hears. */
public final class RecordingListener implements ContainerListener {

    /** Oldest first. */
    public final List<String> heard = new CopyOnWriteArrayList<>();

    /** Oldest first. */
    public final List<ContainerId> changes = new CopyOnWriteArrayList<>();

    @Override
    public void processEnded(ContainerId container, long pid, int waitStatus, Runnable done) {
        heard.add(container + ": " + pid + " ended with " + waitStatus);
        done.run();
    }

    @Override
    public void changed(ContainerId container) {
        changes.add(container);
    }

    @Override
    public void died(ContainerId container) {
        heard.add(container + " died");
    }
}
