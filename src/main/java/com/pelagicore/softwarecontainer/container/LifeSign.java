package com.pelagicore.softwarecontainer.container;

import com.pelagicore.softwarecontainer.process.InitListener;

/** Hears from the init of one container whether it lives, and passes on the ends of processes. */
final class LifeSign implements InitListener {

    private final ContainerId id;
    private final ContainerListener listener;
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

    @Override
    public void ended(long pid, int waitStatus) {
        listener.processEnded(id, pid, waitStatus);
    }

    @Override
    public void lost() {
        lost = true;
        if (!endExpected) {
            listener.died(id);
        }
    }
}
