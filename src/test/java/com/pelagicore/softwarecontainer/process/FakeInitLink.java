package com.pelagicore.softwarecontainer.process;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Numbers the processes that it is asked for, and reports what it is told to. */
public final class FakeInitLink implements InitLink {

    private static final long FIRST_PID = 5000;

    /** Oldest first; pids are counted up from 5000. */
    public final List<SpawnRequest> spawned = new CopyOnWriteArrayList<>();

    private final InitProcess init;
    private final InitListener listener;
    private boolean open = true;

    FakeInitLink(InitProcess init, InitListener listener) {
        this.init = init;
        this.listener = listener;
    }

    public InitProcess init() {
        return init;
    }

    public synchronized boolean isOpen() {
        return open;
    }

    @Override
    public synchronized long spawn(SpawnRequest request) {
        if (!open) {
            throw new SoftwareContainerException(ErrorKind.WRONG_STATE, "the container has died");
        }
        spawned.add(request);
        return FIRST_PID + spawned.size() - 1;
    }

    /** A process ends. */
    public void end(long pid, int waitStatus) {
        listener.ended(pid, waitStatus);
    }

    /** The container's init ends, for whatever reason. */
    public void die() {
        if (shut()) {
            listener.lost();
        }
    }

    /** As {@link #die}, but the listener has not been told yet. */
    public void dieUnnoticed() {
        shut();
    }

    @Override
    public void close() {
        shut();
    }

    private synchronized boolean shut() {
        boolean wasOpen = open;
        open = false;
        return wasOpen;
    }
}
