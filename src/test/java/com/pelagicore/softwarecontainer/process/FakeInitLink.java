package com.pelagicore.softwarecontainer.process;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Numbers the processes that it is asked for, and reports what it is told to. */
public final class FakeInitLink implements InitLink {

    private static final long FIRST_PID = 5000;

    /** Oldest first; pids are counted up from 5000. */
    public final List<SpawnRequest> spawned = new CopyOnWriteArrayList<>();

    /** Oldest first; {@code 15 to GROUP 5000}, {@code 9 to all}. */
    public final List<String> signals = new CopyOnWriteArrayList<>();

    /** Oldest first. */
    public final List<FakeTerminal> terminals = new CopyOnWriteArrayList<>();

    /** Processes whose ends were passed on. */
    public final List<Long> heard = new CopyOnWriteArrayList<>();

    private final Set<Long> running = ConcurrentHashMap.newKeySet();
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
        long pid = FIRST_PID + spawned.size() - 1;
        running.add(pid);
        listener.started(pid, request.arguments());
        return pid;
    }

    @Override
    public Terminal openTerminal(TerminalSize size) {
        FakeTerminal terminal = new FakeTerminal(size);
        terminals.add(terminal);
        return terminal;
    }

    @Override
    public boolean signal(long pid, Recipients recipients, int signal) {
        if (!running.contains(pid)) {
            return false;
        }
        signals.add(signal + " to " + recipients + " " + pid);
        return true;
    }

    @Override
    public void signalAll(int signal) {
        signals.add(signal + " to all");
    }

    /** A process ends. */
    public void end(long pid, int waitStatus) {
        running.remove(pid);
        listener.ended(pid, waitStatus, () -> heard.add(pid));
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
