package com.pelagicore.softwarecontainer.agent.dbus;

import com.pelagicore.softwarecontainer.agent.ProcessListener;
import com.pelagicore.softwarecontainer.bus.Signal;
import com.pelagicore.softwarecontainer.container.ContainerId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Broadcasts ProcessStateChanged. A client learns the pid from the reply to Execute: while one is under way,
 * signals of that container wait, so that none is about a pid that nobody knows yet. Before {@link #open} all wait.
 */
public final class LegacySignals implements ProcessListener {

    private record Waiting(int container, Signal signal, Runnable heard) {}

    private final Predicate<Signal> bus;
    /** By container in which an Execute is under way. */
    private final Map<Integer, List<Waiting>> held = new HashMap<>();

    private Optional<List<Waiting>> early = Optional.of(new ArrayList<>());

    /**
     * Nothing is sent yet.
     *
     * @param bus false: the bus is gone
     */
    public LegacySignals(Predicate<Signal> bus) {
        this.bus = bus;
    }

    /** To be called when the agent serves calls: who waits for its name to appear is there by then. */
    public synchronized void open() {
        List<Waiting> all = early.orElse(List.of());
        early = Optional.empty();
        all.forEach(this::send);
    }

    @Override
    public synchronized void processEnded(ContainerId container, long pid, int waitStatus, Runnable heard) {
        Signal signal = new Signal(
                LegacyDoor.PATH,
                LegacyDoor.INTERFACE,
                "ProcessStateChanged",
                "iubu",
                List.of(container.value(), pid, false, Integer.toUnsignedLong(waitStatus)),
                Optional.empty());
        Waiting waiting = new Waiting(container.value(), signal, heard);
        early.ifPresentOrElse(all -> all.add(waiting), () -> send(waiting));
    }

    synchronized void hold(int container) {
        held.put(container, new ArrayList<>());
    }

    synchronized void release(int container) {
        List<Waiting> waiting = held.remove(container);
        if (waiting != null) {
            waiting.forEach(this::send);
        }
    }

    private void send(Waiting waiting) {
        List<Waiting> holding = held.get(waiting.container());
        if (holding != null) {
            holding.add(waiting);
        } else if (bus.test(waiting.signal())) {
            waiting.heard().run();
        }
    }
}
