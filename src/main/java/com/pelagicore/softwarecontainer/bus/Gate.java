package com.pelagicore.softwarecontainer.bus;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Holds back the calls of a sender, in the order in which they came, while something about one of them is
 * being asked: one question of a sender at a time. Calls of other senders pass by.
 */
final class Gate {

    private static final class Waiting<T> {
        private final CompletableFuture<T> question;
        private final Consumer<CompletableFuture<T>> next;

        private Waiting(CompletableFuture<T> question, Consumer<CompletableFuture<T>> next) {
            this.question = question;
            this.next = next;
        }

        private void pass() {
            next.accept(question);
        }
    }

    /** By sender, its calls behind the one that is asked about. */
    private final Map<String, Queue<Supplier<Waiting<?>>>> queues = new HashMap<>();

    /**
     * Lets a call through once its question is answered, in whatever way, and all before it have passed. For one
     * thread.
     *
     * @param question asks, and does not wait
     * @param next gets what was asked, answered; at once on this thread or later on the one that answers; must
     *     neither wait nor throw
     */
    <T> void pass(String sender, Supplier<CompletableFuture<T>> question, Consumer<CompletableFuture<T>> next) {
        Supplier<Waiting<?>> call = () -> new Waiting<>(question.get(), next);
        synchronized (this) {
            Queue<Supplier<Waiting<?>>> behind = queues.get(sender);
            if (behind != null) {
                behind.add(call);
                return;
            }
        }
        Waiting<?> asked = call.get();
        if (asked.question.isDone()) {
            asked.pass();
            return;
        }
        synchronized (this) {
            queues.put(sender, new ArrayDeque<>());
        }
        passWhenAnswered(sender, asked);
    }

    private void passWhenAnswered(String sender, Waiting<?> asked) {
        CompletableFuture<?> ignored = asked.question.whenComplete((answer, failure) -> advance(sender, asked));
    }

    /** Under the lock: later calls must not overtake those that pass here. */
    private synchronized void advance(String sender, Waiting<?> answered) {
        answered.pass();
        Queue<Supplier<Waiting<?>>> behind = queues.get(sender);
        while (behind != null && !behind.isEmpty()) {
            Waiting<?> asked = behind.remove().get();
            if (!asked.question.isDone()) {
                passWhenAnswered(sender, asked);
                return;
            }
            asked.pass();
        }
        queues.remove(sender);
    }
}
