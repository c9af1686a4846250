package com.pelagicore.softwarecontainer.bus;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletionStage;

/**
 * Which call runs next. Calls of one lane run one after the other in the order of their arrival; the next one
 * of a lane is ready when the one before it has ended. Ready calls of different clients take turns, so that no
 * client waits behind the queue of another. Not thread-safe: {@link Workers} holds the lock.
 */
final class CallScheduler {

    /** What a call does: returns when it is answered, or gives a stage that ends when it will be. */
    @FunctionalInterface
    interface Work {
        CompletionStage<?> run();
    }

    /** What a call counts for, from its arrival until it was answered. */
    static final class Ticket {
        private Client client;
        private final long bytes;

        private Ticket(Client client, long bytes) {
            this.client = client;
            this.bytes = bytes;
        }
    }

    /** A call that waits or runs, or has run and is not answered yet. */
    static final class Task {
        private final Ticket ticket;
        private final Optional<Object> lane;
        private final Work work;

        private Task(Ticket ticket, Optional<Object> lane, Work work) {
            this.ticket = ticket;
            this.lane = lane;
            this.work = work;
        }

        CompletionStage<?> run() {
            return work.run();
        }
    }

    private static final class Client {
        private final String name;
        private final Queue<Task> ready = new ArrayDeque<>();
        private int unfinished;
        private long bytes;
        private int running;
        private boolean hasTurn;

        private Client(String name) {
            this.name = name;
        }
    }

    private final BusLimits limits;
    private final Map<String, Client> clients = new HashMap<>();
    private final Queue<Client> turns = new ArrayDeque<>();
    /** Calls behind the first one of each lane in use. */
    private final Map<Object, Queue<Task>> lanes = new HashMap<>();

    private int unfinished;
    private long bytes;

    CallScheduler(BusLimits limits) {
        this.limits = limits;
    }

    /**
     * Takes a call in.
     *
     * @throws BusError LimitsExceeded
     */
    Ticket enter(String clientName, long size) {
        Client client = clientWithRoom(clientName, size);
        if (unfinished >= limits.calls() || bytes + size > limits.bytes()) {
            throw BusError.limitsExceeded("too many unfinished calls");
        }
        unfinished++;
        bytes += size;
        Ticket ticket = new Ticket(client, size);
        charge(ticket);
        return ticket;
    }

    /**
     * Lets a call, not yet added, count for another client.
     *
     * @throws BusError LimitsExceeded; then it counts for the one before
     */
    void move(Ticket ticket, String clientName) {
        if (!ticket.client.name.equals(clientName)) {
            Client client = clientWithRoom(clientName, ticket.bytes);
            discharge(ticket);
            ticket.client = client;
            charge(ticket);
        }
    }

    /** A call that was not added is over. */
    void leave(Ticket ticket) {
        unfinished--;
        bytes -= ticket.bytes;
        discharge(ticket);
    }

    void add(Ticket ticket, Optional<Object> lane, Work work) {
        Task task = new Task(ticket, lane, work);
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

    /** Takes the next ready call; it counts as running until {@link #ran}. */
    Optional<Task> next() {
        Client client = turns.poll();
        if (client == null) {
            return Optional.empty();
        }
        client.hasTurn = false;
        Task task = client.ready.remove();
        client.running++;
        giveTurn(client);
        return Optional.of(task);
    }

    /** It no longer runs; its answer may still be to come. */
    void ran(Task task) {
        Client client = task.ticket.client;
        client.running--;
        task.lane.ifPresent(this::advance);
        giveTurn(client);
    }

    void answered(Task task) {
        leave(task.ticket);
    }

    private Client clientWithRoom(String name, long size) {
        Client client = clients.getOrDefault(name, new Client(name));
        if (client.unfinished >= limits.callsPerClient() || client.bytes + size > limits.bytesPerClient()) {
            throw BusError.limitsExceeded("too many unfinished calls of this client");
        }
        return client;
    }

    private void charge(Ticket ticket) {
        ticket.client.unfinished++;
        ticket.client.bytes += ticket.bytes;
        clients.put(ticket.client.name, ticket.client);
    }

    private void discharge(Ticket ticket) {
        ticket.client.unfinished--;
        ticket.client.bytes -= ticket.bytes;
        if (ticket.client.unfinished == 0) {
            clients.remove(ticket.client.name);
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
        task.ticket.client.ready.add(task);
        giveTurn(task.ticket.client);
    }

    private void giveTurn(Client client) {
        if (!client.hasTurn && !client.ready.isEmpty() && client.running < limits.threadsPerClient()) {
            client.hasTurn = true;
            turns.add(client);
        }
    }
}
