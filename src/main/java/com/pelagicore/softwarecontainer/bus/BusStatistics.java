package com.pelagicore.softwarecontainer.bus;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the bus says about messages that it holds because nobody has read them yet: {@code
 * org.freedesktop.DBus.Debug.Stats} of dbus-daemon 1.14, which answers in the order of what was sent before. Root may
 * ask. dbus-broker has nothing of it, and needs nothing: it ends connections that do not read. Thread-safe.
 */
final class BusStatistics {

    private static final Logger LOG = LoggerFactory.getLogger(BusStatistics.class);
    private static final String INTERFACE = "org.freedesktop.DBus.Debug.Stats";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final OutgoingCalls calls;
    private volatile boolean supported = true;

    BusStatistics(OutgoingCalls calls) {
        this.calls = calls;
    }

    /** Bytes for this connection that it has not read; those in its socket are not in it. None if it is gone. */
    CompletableFuture<Long> unreadBy(String connection) {
        return ask(connection, "OutgoingBytes");
    }

    /** Bytes of messages of this connection that somebody has not read. */
    CompletableFuture<Long> unreadOf(String connection) {
        return ask(connection, "IncomingBytes");
    }

    /** As {@link OutgoingCalls#onReadingThread}: what is done about an answer may need that thread. */
    void onReadingThread(Runnable action) {
        calls.onReadingThread(action);
    }

    /** 0 if it cannot be known; fails if the bus says nothing or anything odd: to be asked again later. */
    private CompletableFuture<Long> ask(String connection, String value) {
        if (!supported) {
            return CompletableFuture.completedFuture(0L);
        }
        BusRequest question = new BusRequest(
                BusRequest.BUS, "/org/freedesktop/DBus", INTERFACE, "GetConnectionStats", "s", List.of(connection));
        return calls.call(question, PATIENCE)
                .thenApply(answer -> number(answer, value))
                .exceptionallyCompose(this::unknown);
    }

    private static long number(Arguments answer, String value) {
        return Optional.ofNullable(answer.variants(0).get(value))
                .filter(found -> found.value() instanceof Number)
                .map(found -> ((Number) found.value()).longValue())
                .orElse(0L);
    }

    private CompletableFuture<Long> unknown(Throwable failure) {
        Throwable cause = Cause.of(failure);
        if (!(cause instanceof BusError error) || !(error.isNoOwner() || error.isPermanent())) {
            return CompletableFuture.failedFuture(cause);
        }
        if (error.isPermanent() && supported) {
            supported = false;
            LOG.debug("the bus does not tell which clients read: {}", error.getMessage());
        }
        return CompletableFuture.completedFuture(0L);
    }
}
