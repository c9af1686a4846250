package com.pelagicore.softwarecontainer.container;

import com.pelagicore.softwarecontainer.process.InitListener;
import java.util.List;

/** Hears from the init of one container whether it lives, and passes on the ends of processes. */
final class LifeSign implements InitListener {

    private final ContainerId id;
    private final ContainerListener listener;
    private final Processes processes = new Processes();
    private volatile boolean lost;
    private volatile boolean endExpected;

    LifeSign(ContainerId id, ContainerListener listener) {
        this.id = id;
        this.listener = listener;
    }

    boolean isLost() {
        return lost;
    }

    /** From now on the end of init is our own doing. */
    void expectEnd() {
        endExpected = true;
    }

    /** Those that run. */
    Processes processes() {
        return processes;
    }

    /** What can be seen of the container may have changed. */
    void changed() {
        listener.changed(id);
    }

    @Override
    public void started(long pid, List<String> arguments) {
        processes.started(new RunningProcess(pid, arguments));
        changed();
    }

    @Override
    public void ended(long pid, int waitStatus) {
        Runnable whoeverWaits = processes.ended(pid);
        listener.processEnded(id, pid, waitStatus);
        changed();
        whoeverWaits.run();
    }

    @Override
    public void lost() {
        lost = true;
        if (!endExpected) {
            listener.died(id);
            changed();
        }
    }
}
