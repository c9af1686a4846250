package com.pelagicore.softwarecontainer.bus;

import com.pelagicore.softwarecontainer.bus.CallBudget.Ticket;
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

    /** A call that waits or runs. */
    static final class Task {
        private final Ticket ticket;
        private final Client client;
        private final Optional<Object> lane;
        private final Work work;

        private Task(Ticket ticket, Client client, Optional<Object> lane, Work work) {
            this.ticket = ticket;
            this.client = client;
            this.lane = lane;
            this.work = work;
        }

        Ticket ticket() {
            return ticket;
        }

        CompletionStage<?> run() {
            return work.run();
        }
    }

    private static final class Client {
        private final String name;
        private final Queue<Task> ready = new ArrayDeque<>();
        /** That have not run, whether ready or not. */
        private int tasks;

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

    CallScheduler(BusLimits limits) {
        this.limits = limits;
    }

    void add(Ticket ticket, Optional<Object> lane, Work work) {
        Client client = clients.computeIfAbsent(ticket.client(), Client::new);
        client.tasks++;
        Task task = new Task(ticket, client, lane, work);
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

    /** It no longer runs. */
    void ran(Task task) {
        Client client = task.client;
        client.running--;
        client.tasks--;
        task.lane.ifPresent(this::advance);
        giveTurn(client);
        if (client.tasks == 0) {
            clients.remove(client.name);
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
        task.client.ready.add(task);
        giveTurn(task.client);
    }

    private void giveTurn(Client client) {
        if (!client.hasTurn && !client.ready.isEmpty() && client.running < limits.threadsPerClient()) {
            client.hasTurn = true;
            turns.add(client);
        }
    }
}
