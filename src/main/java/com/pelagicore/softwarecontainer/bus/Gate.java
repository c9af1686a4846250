package com.pelagicore.softwarecontainer.bus;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;

/**
 * Holds back the calls of a sender, in the order in which they came, while something about one of them is
 * being asked. Those of other senders pass by. Thread-safe.
 */
final class Gate {

    private record Waiting(CompletableFuture<?> question, Runnable next) {}

    private final Map<String, Queue<Waiting>> queues = new HashMap<>();

    /**
     * Lets a call through once its question is answered, in whatever way, and all before it have passed.
     *
     * @param next runs at once on this thread or later on the one that answers; must not wait, must not throw
     */
    void pass(String sender, CompletableFuture<?> question, Runnable next) {
        synchronized (this) {
            Queue<Waiting> queue = queues.get(sender);
            if (queue != null || !question.isDone()) {
                queues.computeIfAbsent(sender, key -> new ArrayDeque<>()).add(new Waiting(question, next));
                if (queue == null) {
                    advanceAfter(question, sender);
                }
                return;
            }
        }
        next.run();
    }

    private void advanceAfter(CompletableFuture<?> question, String sender) {
        CompletableFuture<?> ignored = question.whenComplete((answer, failure) -> advance(sender));
    }

    /** Lets all through that are at the head and answered. Under the lock, or two threads would mix the order. */
    private synchronized void advance(String sender) {
        Queue<Waiting> queue = queues.get(sender);
        while (queue != null && !queue.isEmpty()) {
            Waiting head = queue.element();
            if (!head.question().isDone()) {
                advanceAfter(head.question(), sender);
                return;
            }
            queue.remove();
            head.next().run();
        }
        queues.remove(sender);
    }
}
