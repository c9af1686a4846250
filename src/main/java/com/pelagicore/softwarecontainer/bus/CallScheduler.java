package com.pelagicore.softwarecontainer.bus;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;

/**
 * Which call runs next. Calls of one lane run one after the other in the order of their arrival; the next one
 * of a lane is ready when the one before it has ended. Ready calls of different senders take turns, so that no
 * sender waits behind the queue of another. Not thread-safe: {@link Workers} holds the lock.
 */
final class CallScheduler {

    /** A call that waits or runs. */
    static final class Task {
        private final Sender sender;
        private final Optional<Object> lane;
        private final long bytes;
        private final Runnable work;

        private Task(Sender sender, Optional<Object> lane, long bytes, Runnable work) {
            this.sender = sender;
            this.lane = lane;
            this.bytes = bytes;
            this.work = work;
        }

        void run() {
            work.run();
        }
    }

    private static final class Sender {
        private final String name;
        private final Queue<Task> ready = new ArrayDeque<>();
        private int unfinished;
        private long bytes;
        private int running;
        private boolean hasTurn;

        private Sender(String name) {
            this.name = name;
        }
    }

    private final BusLimits limits;
    private final Map<String, Sender> senders = new HashMap<>();
    private final Queue<Sender> turns = new ArrayDeque<>();
    /** Calls behind the first one of each lane in use. */
    private final Map<Object, Queue<Task>> lanes = new HashMap<>();

    private int unfinished;
    private long bytes;

    CallScheduler(BusLimits limits) {
        this.limits = limits;
    }

    /**
     * Whether a call of this size may be added.
     *
     * @throws BusError LimitsExceeded
     */
    void requireRoom(String senderName, long size) {
        Sender sender = senders.getOrDefault(senderName, new Sender(senderName));
        if (sender.unfinished >= limits.callsPerSender() || sender.bytes + size > limits.bytesPerSender()) {
            throw BusError.limitsExceeded("too many unfinished calls of this client");
        }
        if (unfinished >= limits.calls() || bytes + size > limits.bytes()) {
            throw BusError.limitsExceeded("too many unfinished calls");
        }
    }

    /** Takes a call in, for which there must be room. */
    void add(String senderName, Optional<Object> lane, long size, Runnable work) {
        Sender sender = senders.computeIfAbsent(senderName, Sender::new);
        sender.unfinished++;
        sender.bytes += size;
        unfinished++;
        bytes += size;
        Task task = new Task(sender, lane, size, work);
        Queue<Task> behind = lane.isEmpty() ? null : lanes.putIfAbsent(lane.get(), new ArrayDeque<>());
        if (behind != null) {
            behind.add(task);
        } else {
            ready(task);
        }
    }

    boolean hasReady() {
        return !turns.isEmpty();
    }

    /** Takes the next ready call; it counts as running until {@link #ended}. */
    Optional<Task> next() {
        Sender sender = turns.poll();
        if (sender == null) {
            return Optional.empty();
        }
        sender.hasTurn = false;
        Task task = sender.ready.remove();
        sender.running++;
        giveTurn(sender);
        return Optional.of(task);
    }

    void ended(Task task) {
        Sender sender = task.sender;
        sender.running--;
        sender.unfinished--;
        sender.bytes -= task.bytes;
        unfinished--;
        bytes -= task.bytes;
        task.lane.ifPresent(this::advance);
        giveTurn(sender);
        if (sender.unfinished == 0) {
            senders.remove(sender.name);
        }
    }

    private void advance(Object lane) {
        Queue<Task> behind = lanes.get(lane);
        Task next = behind == null ? null : behind.poll();
        if (next == null) {
            lanes.remove(lane);
        } else {
            ready(next);
        }
    }

    private void ready(Task task) {
        task.sender.ready.add(task);
        giveTurn(task.sender);
    }

    private void giveTurn(Sender sender) {
        if (!sender.hasTurn && !sender.ready.isEmpty() && sender.running < limits.threadsPerSender()) {
            sender.hasTurn = true;
            turns.add(sender);
        }
    }
}
