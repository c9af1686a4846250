package com.pelagicore.softwarecontainer.bus;

import com.pelagicore.softwarecontainer.bus.CallBudget.Ticket;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets calls through once it is known whose they are, and those of a user, but root's, at a limited rate. Those beyond
 * it wait in their order, unanswered: the bus lets no connection have more than so many unanswered calls, and so its
 * flood ends there, and not in the queue that all share (docs/adr/0031). For the reading thread.
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
    /** The client that calls count for until it is known whose they are. */
    private static final String UNKNOWN = "unknown";

    private record Held(IncomingMessage call, Ticket ticket) {}

    private static final class User {
        private final String name;
        private final Queue<Held> held = new ArrayDeque<>();
        private double allowance = BURST;
        private long last;
        /** {@link #release} comes again. */
        private boolean isReleasing;

        private User(String name, long now) {
            this.name = name;
            this.last = now;
        }

        private boolean hasAllowance(long now) {
            allowance = Math.min(BURST, allowance + (now - last) * 1e-9 * RATE);
            last = now;
            return allowance >= 0;
        }

        private boolean mayCall(IncomingMessage call, long now) {
            if (!hasAllowance(now)) {
                return false;
            }
            // the last one may cost more than there is: then the next one waits longer
            allowance -= 1 + call.size() / (double) BYTES_PER_CALL;
            return true;
        }
    }

    private final Function<String, CompletableFuture<Credentials>> identityOf;
    private final CallBudget waiting;
    private final Consumer<IncomingMessage> next;
    private final BiConsumer<IncomingMessage, BusError> refuse;
    private final Executor readingThread;
    private final LongSupplier clock;
    private final Map<String, User> users = new HashMap<>();
    private final Map<String, User> usersByConnection = new HashMap<>();
    /** Calls by connection, while the bus is asked whose it is. */
    private final Map<String, Queue<Held>> strangers = new HashMap<>();

    /**
     * @param identityOf asks whom a connection belongs to; answered on the reading thread, fails on any
     * @param waiting what calls that wait count against
     * @param next takes a call; throws nothing
     * @param refuse answers a call that cannot wait
     * @param readingThread runs something on that thread, or never if the connection has ended
     * @param clock nanoseconds
     */
    Pace(
            Function<String, CompletableFuture<Credentials>> identityOf,
            CallBudget waiting,
            Consumer<IncomingMessage> next,
            BiConsumer<IncomingMessage, BusError> refuse,
            Executor readingThread,
            LongSupplier clock) {
        this.identityOf = identityOf;
        this.waiting = waiting;
        this.next = next;
        this.refuse = refuse;
        this.readingThread = readingThread;
        this.clock = clock;
    }

    /** Whether a large message, of which this is the header, is worth the memory: not if it would have to wait. */
    boolean isToBeRead(Frame header) {
        Optional<User> user = IncomingMessage.decode(header)
                .filter(IncomingMessage::isCall)
                .flatMap(IncomingMessage::sender)
                .map(usersByConnection::get);
        return user.isEmpty() || (user.get().held.isEmpty() && user.get().hasAllowance(clock.getAsLong()));
    }

    /** Passes a call on, now or later. What is more than one user may let wait is never answered. */
    void pass(IncomingMessage call) {
        String sender = call.sender().orElse("");
        Queue<Held> before = strangers.get(sender);
        if (before != null) {
            hold(call, UNKNOWN, before);
            return;
        }
        CompletableFuture<Credentials> identity = identityOf.apply(sender);
        if (identity.isDone() && !identity.isCompletedExceptionally()) {
            pass(call, identity.join());
            return;
        }
        Queue<Held> calls = new ArrayDeque<>();
        strangers.put(sender, calls);
        hold(call, UNKNOWN, calls);
        CompletableFuture<Void> ignored = identity.handle((credentials, failure) -> {
            if (failure == null) {
                release(sender, each -> pass(each, credentials));
            } else {
                readingThread.execute(() -> release(sender, this::refuseStranger));
            }
            return null;
        });
    }

    private void refuseStranger(IncomingMessage call) {
        refuse.accept(call, BusError.accessDenied("the bus does not tell who calls"));
    }

    private void release(String stranger, Consumer<IncomingMessage> then) {
        Queue<Held> calls = strangers.remove(stranger);
        while (calls != null && !calls.isEmpty()) {
            Held held = calls.remove();
            waiting.leave(held.ticket());
            then.accept(held.call());
        }
    }

    private void pass(IncomingMessage call, Credentials credentials) {
        if (credentials.isRoot()) {
            next.accept(call);
            return;
        }
        User user = users.computeIfAbsent(credentials.client(""), name -> new User(name, clock.getAsLong()));
        usersByConnection.put(call.sender().orElse(""), user);
        if (user.held.isEmpty() && user.mayCall(call, clock.getAsLong())) {
            next.accept(call);
        } else if (!waiting.hasRoom(user.name, call.weight())) {
            call.close();
        } else {
            hold(call, user.name, user.held);
            if (!user.isReleasing) {
                LOG.debug("{} makes too many calls, some wait", user.name);
                releaseLater(user);
            }
        }
    }

    private void hold(IncomingMessage call, String client, Queue<Held> calls) {
        try {
            calls.add(new Held(call, waiting.enter(client, call.weight())));
        } catch (BusError limit) {
            refuse.accept(call, limit);
        }
    }

    /** A connection has ended: its calls are void. */
    void gone(String connection) {
        release(connection, IncomingMessage::close);
        usersByConnection.remove(connection);
        users.values().forEach(user -> user.held.removeIf(held -> isVoid(held, connection)));
    }

    private boolean isVoid(Held held, String connection) {
        boolean isVoid = held.call().sender().orElse("").equals(connection);
        if (isVoid) {
            held.call().close();
            waiting.leave(held.ticket());
        }
        return isVoid;
    }

    private void releaseLater(User user) {
        user.isReleasing = true;
        CompletableFuture.delayedExecutor(PERIOD, TimeUnit.MILLISECONDS)
                .execute(() -> readingThread.execute(() -> release(user)));
    }

    private void release(User user) {
        while (!user.held.isEmpty() && user.mayCall(user.held.element().call(), clock.getAsLong())) {
            Held held = user.held.remove();
            waiting.leave(held.ticket());
            next.accept(held.call());
        }
        user.isReleasing = false;
        if (!user.held.isEmpty()) {
            releaseLater(user);
        }
    }
}
