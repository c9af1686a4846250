package com.pelagicore.softwarecontainer.bus;

import com.pelagicore.softwarecontainer.bus.CallBudget.Ticket;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds back the calls of clients that do not read their answers, each until it has read: what lies unread with
 * dbus-daemon counts against who sent it, and at 127 MiB it would take nothing more from the service (docs/adr/0024).
 * Clients that read notice nothing. Thread-safe.
 */
final class Unread {

    private static final Logger LOG = LoggerFactory.getLogger(Unread.class);
    /** Of one client; times 256 connections of a user an eighth of what the bus takes. */
    static final long WINDOW = 64 * 1024;
    /** Beyond this, errors are not sent either. */
    private static final long SILENCE = 2 * WINDOW;

    private static final long FIRST_LOOK_AGAIN = 10;
    private static final long LAST_LOOK_AGAIN = 1000;
    /** The client that held calls count for: all who do not read share what one may use. */
    private static final String DEAF = "does not read";

    private record Held(IncomingMessage call, Ticket ticket) {}

    private static final class Client {
        /** At most; in bytes. */
        private long unread;

        /** The bus is being asked, or will be. */
        private boolean isWatched;

        /** What the bus said last. */
        private long found;

        private long nextLook = FIRST_LOOK_AGAIN;
        private final Queue<Held> held = new ArrayDeque<>();

        private boolean isListening(long patience) {
            // what the bus has not told of yet is no sign: on a busy machine its answers come late
            return found < patience && unread < 16 * patience;
        }
    }

    private final BusStatistics statistics;
    private final CallBudget waiting;
    private final Consumer<IncomingMessage> dispatch;
    private final BiConsumer<IncomingMessage, BusError> refuse;
    private final Map<String, Client> clients = new HashMap<>();

    /**
     * @param waiting what calls that wait count against
     * @param dispatch takes a call whose sender reads, on the reading thread; throws nothing
     * @param refuse answers a call that cannot be held
     */
    Unread(
            BusStatistics statistics,
            CallBudget waiting,
            Consumer<IncomingMessage> dispatch,
            BiConsumer<IncomingMessage, BusError> refuse) {
        this.statistics = statistics;
        this.waiting = waiting;
        this.dispatch = dispatch;
        this.refuse = refuse;
    }

    /** Dispatches a call, now or when its sender has read, in the order of arrival. For the reading thread. */
    void pass(IncomingMessage call) {
        String sender = call.sender().orElse("");
        if (isFree(sender)) {
            dispatch.accept(call);
            return;
        }
        try {
            hold(sender, call);
            look(sender);
        } catch (BusError limit) {
            if (isSilent(sender)) {
                call.close();
            } else {
                refuse.accept(call, limit);
            }
        }
    }

    private synchronized boolean isFree(String sender) {
        Client client = clients.computeIfAbsent(sender, name -> new Client());
        return client.held.isEmpty() && client.unread < WINDOW;
    }

    private synchronized boolean isSilent(String sender) {
        Client client = clients.get(sender);
        return client != null && client.unread >= SILENCE;
    }

    private void hold(String sender, IncomingMessage call) {
        Ticket ticket = waiting.enter(DEAF, call.weight());
        synchronized (this) {
            Client client = clients.computeIfAbsent(sender, name -> new Client());
            if (client.held.isEmpty()) {
                LOG.debug("{} has {} bytes unread, its calls wait", sender, client.unread);
            }
            client.held.add(new Held(call, ticket));
        }
    }

    /** To be called after something was written for this client only. */
    void sent(String receiver, int bytes) {
        boolean mayBeFull;
        synchronized (this) {
            Client client = clients.get(receiver);
            if (client == null) {
                return;
            }
            client.unread += bytes;
            mayBeFull = client.unread >= WINDOW / 2;
        }
        if (mayBeFull) {
            look(receiver);
        }
    }

    /** A client that has ended reads no more, and its calls are void. */
    void gone(String name) {
        Client client;
        synchronized (this) {
            client = clients.remove(name);
        }
        if (client != null) {
            client.held.forEach(held -> {
                held.call().close();
                waiting.leave(held.ticket());
            });
        }
    }

    /**
     * Those who have called and read, as far as is known.
     *
     * @param patience bytes that may lie unread, as a burst does on its way to who reads
     */
    List<String> listeners(long patience) {
        Map<Boolean, List<String>> byReading;
        synchronized (this) {
            byReading = clients.entrySet().stream()
                    .collect(Collectors.partitioningBy(
                            client -> client.getValue().isListening(patience),
                            Collectors.mapping(Map.Entry::getKey, Collectors.toList())));
        }
        byReading.getOrDefault(false, List.of()).forEach(this::look);
        return byReading.getOrDefault(true, List.of());
    }

    /** Finds out about all who have called. */
    void lookAtAll() {
        List<String> all;
        synchronized (this) {
            all = List.copyOf(clients.keySet());
        }
        all.forEach(this::look);
    }

    private void look(String name) {
        synchronized (this) {
            Client client = clients.get(name);
            if (client == null || client.isWatched) {
                return;
            }
            client.isWatched = true;
        }
        ask(name);
    }

    private void ask(String name) {
        long counted;
        synchronized (this) {
            Client client = clients.get(name);
            if (client == null) {
                return;
            }
            counted = client.unread;
        }
        // what was counted was written before the question
        CompletableFuture<Void> ignored = statistics.unreadBy(name).handle((found, failure) -> {
            if (failure == null) {
                count(name, counted, found);
            }
            // the answer may have come before this was to be called: then this is the thread that asked
            if (failure == null && mayBeReleased(name)) {
                statistics.onReadingThread(() -> {
                    release(name);
                    lookAgain(name);
                });
            } else {
                lookAgain(name);
            }
            return null;
        });
    }

    private synchronized void count(String name, long counted, long found) {
        Client client = clients.get(name);
        if (client != null) {
            client.unread += found - counted;
            client.found = found;
        }
    }

    private synchronized boolean mayBeReleased(String name) {
        Client client = clients.get(name);
        return client != null && !client.held.isEmpty() && client.unread < WINDOW;
    }

    /** For the reading thread. */
    private void release(String name) {
        for (Optional<Held> next = next(name); next.isPresent(); next = next(name)) {
            waiting.leave(next.get().ticket());
            dispatch.accept(next.get().call());
        }
    }

    private void lookAgain(String name) {
        long millis;
        synchronized (this) {
            Client client = clients.get(name);
            if (client == null) {
                return;
            }
            client.isWatched = !client.held.isEmpty();
            if (!client.isWatched) {
                return;
            }
            millis = client.nextLook;
            client.nextLook = Math.min(2 * millis, LAST_LOOK_AGAIN);
        }
        CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS).execute(() -> ask(name));
    }

    private synchronized Optional<Held> next(String name) {
        Client client = clients.get(name);
        if (client == null || !mayBeReleased(name)) {
            return Optional.empty();
        }
        client.nextLook = FIRST_LOOK_AGAIN;
        return Optional.of(client.held.remove());
    }
}
