package com.pelagicore.softwarecontainer.agent.dbus;

import com.pelagicore.softwarecontainer.agent.ProcessListener;
import com.pelagicore.softwarecontainer.bus.Signal;
import com.pelagicore.softwarecontainer.container.ContainerId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Broadcasts ProcessStateChanged. A client learns the pid from the reply to Execute: while one is under way,
 * signals of that container wait, so that none is about a pid that nobody knows yet.
 */
public final class LegacySignals implements ProcessListener {

    private final Consumer<Signal> bus;
    /** By container in which an Execute is under way. */
    private final Map<Integer, List<Signal>> held = new HashMap<>();

    public LegacySignals(Consumer<Signal> bus) {
        this.bus = bus;
    }

    @Override
    public synchronized void processEnded(ContainerId container, long pid, int waitStatus) {
        Signal signal = new Signal(
                LegacyDoor.PATH,
                LegacyDoor.INTERFACE,
                "ProcessStateChanged",
                "iubu",
                List.of(container.value(), pid, false, Integer.toUnsignedLong(waitStatus)),
                Optional.empty());
        List<Signal> waiting = held.get(container.value());
        if (waiting == null) {
            bus.accept(signal);
        } else {
            waiting.add(signal);
        }
    }

    synchronized void hold(int container) {
        held.put(container, new ArrayList<>());
    }

    synchronized void release(int container) {
        List<Signal> waiting = held.remove(container);
        if (waiting != null) {
            waiting.forEach(bus);
        }
    }
}
