package com.pelagicore.softwarecontainer.bus;

import com.pelagicore.softwarecontainer.bus.CallScheduler.Ticket;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets the calls of a user, but root's, through at a limited rate. Those beyond it wait in their order, unanswered:
 * the bus lets no connection have more than so many unanswered calls, and so its flood ends there, and not in the
 * queue that all share (docs/adr/0031). For the reading thread.
 */
final class Pace {

    private static final Logger LOG = LoggerFactory.getLogger(Pace.class);

    /** What a launcher that starts many applications at once needs at most. */
    static final int BURST = 512;

    /** Calls a second. */
    static final int RATE = 1000;

    /** A large message costs as much as many calls. */
    private static final int BYTES_PER_CALL = 4096;

    private static final long PERIOD = 10;

    private record Held(IncomingMessage call, Ticket ticket) {}

    private static final class User {
        private final Queue<Held> held = new ArrayDeque<>();
        private double allowance = BURST;
        private long last;

        private User(long now) {
            this.last = now;
        }

        private boolean mayCall(IncomingMessage call, long now) {
            allowance = Math.min(BURST, allowance + (now - last) * 1e-9 * RATE);
            last = now;
            if (allowance < 0) {
                return false;
            }
            // the last one may cost more than there is: then the next one waits longer
            allowance -= 1 + call.size() / (double) BYTES_PER_CALL;
            return true;
        }
    }

    private final Function<String, Optional<String>> userOf;
    private final Workers workers;
    private final Consumer<IncomingMessage> next;
    private final Executor readingThread;
    private final LongSupplier clock;
    private final Map<String, User> users = new HashMap<>();

    /**
     * @param userOf of a connection; empty: root
     * @param next takes a call; throws nothing
     * @param readingThread runs something on that thread, or never if the connection has ended
     * @param clock nanoseconds
     */
    Pace(
            Function<String, Optional<String>> userOf,
            Workers workers,
            Consumer<IncomingMessage> next,
            Executor readingThread,
            LongSupplier clock) {
        this.userOf = userOf;
        this.workers = workers;
        this.next = next;
        this.readingThread = readingThread;
        this.clock = clock;
    }

    /** Passes a call on, now or later. What is more than one client may leave unfinished is never answered. */
    void pass(IncomingMessage call) {
        String sender = call.sender().orElse("");
        // those held since it was not known whose they are come first
        Optional<String> name = isHeldBack(sender) ? Optional.of(sender) : userOf.apply(sender);
        if (name.isEmpty()) {
            next.accept(call);
            return;
        }
        User user = users.computeIfAbsent(name.get(), unknown -> new User(clock.getAsLong()));
        if (user.held.isEmpty() && user.mayCall(call, clock.getAsLong())) {
            next.accept(call);
        } else {
            hold(name.get(), user, call);
        }
    }

    private boolean isHeldBack(String name) {
        User user = users.get(name);
        return user != null && !user.held.isEmpty();
    }

    /** A connection has ended; what is held of its user's others stays. */
    void gone(String connection) {
        users.remove(connection);
    }

    private void hold(String name, User user, IncomingMessage call) {
        try {
            user.held.add(new Held(call, workers.enter("held back, " + name, call.weight())));
        } catch (BusError limit) {
            call.close();
            return;
        }
        if (user.held.size() == 1) {
            LOG.debug("{} makes too many calls, some wait", name);
            releaseLater(name, user);
        }
    }

    private void releaseLater(String name, User user) {
        CompletableFuture.delayedExecutor(PERIOD, TimeUnit.MILLISECONDS, readingThread)
                .execute(() -> release(name, user));
    }

    private void release(String name, User user) {
        while (!user.held.isEmpty() && user.mayCall(user.held.element().call(), clock.getAsLong())) {
            Held held = user.held.remove();
            workers.leave(held.ticket());
            next.accept(held.call());
        }
        if (!user.held.isEmpty()) {
            releaseLater(name, user);
        }
    }
}
