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
 * Broadcasts the ends of processes, with a signal on each interface. A client learns the pid from the reply to Execute: while one is under way,
 * signals of that container wait, so that none is about a pid that nobody knows yet. Before {@link #open} all wait.
 */
public final class ProcessSignals implements ProcessListener {

    private record Waiting(int container, List<Signal> signals, Runnable heard) {}

    private final Predicate<Signal> bus;
    /** By container in which an Execute is under way. */
    private final Map<Integer, List<Waiting>> held = new HashMap<>();

    private Optional<List<Waiting>> early = Optional.of(new ArrayList<>());

    /**
     * Nothing is sent yet.
     *
     * @param bus false: the bus is gone
     */
    public ProcessSignals(Predicate<Signal> bus) {
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
        List<Signal> signals = List.of(legacy(container, pid, waitStatus), exited(container, pid, waitStatus));
        Waiting waiting = new Waiting(container.value(), signals, heard);
        early.ifPresentOrElse(all -> all.add(waiting), () -> send(waiting));
    }

    private static Signal legacy(ContainerId container, long pid, int waitStatus) {
        return new Signal(
                LegacyDoor.PATH,
                LegacyDoor.INTERFACE,
                "ProcessStateChanged",
                "iubu",
                List.of(container.value(), pid, false, Integer.toUnsignedLong(waitStatus)),
                Optional.empty());
    }

    /** The status taken apart as by the macros of wait(2). */
    private static Signal exited(ContainerId container, long pid, int waitStatus) {
        int signal = waitStatus & 0x7f;
        String reason = signal == 0 ? "exited" : (waitStatus & 0x80) == 0 ? "killed" : "dumped";
        int code = signal == 0 ? waitStatus >> 8 & 0xff : signal;
        return new Signal(
                ContainerObjects.path(container),
                ContainerDoor.INTERFACE,
                "ProcessExited",
                "usu",
                List.of(pid, reason, code),
                Optional.empty());
    }

    synchronized void hold(int container) {
        held.putIfAbsent(container, new ArrayList<>());
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
        } else if (waiting.signals().stream().allMatch(bus)) {
            waiting.heard().run();
        }
    }
}
