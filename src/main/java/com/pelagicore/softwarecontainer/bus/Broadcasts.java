package com.pelagicore.softwarecontainer.bus;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends signals to all who subscribed; while somebody leaves too many unread, only to each client that has called and
 * does read (docs/adr/0024). Thread-safe.
 */
final class Broadcasts {

    private static final Logger LOG = LoggerFactory.getLogger(Broadcasts.class);
    /** A quarter of what dbus-daemon takes of one connection by default. */
    static final long MUCH = 32L * 1024 * 1024;

    /** Of one client, in signals; less if what is unread has doubled nevertheless. */
    private static final long BURST = 1024 * 1024;

    private static final long BETWEEN_LOOKS = 1024 * 1024;

    private final MessageWriter writer;
    private final BusStatistics statistics;
    private final Unread unread;
    private final Supplier<String> ownName;
    private long sinceLook;
    private boolean asked;
    private boolean toListenersOnly;
    private long found;

    Broadcasts(MessageWriter writer, BusStatistics statistics, Unread unread, Supplier<String> ownName) {
        this.writer = writer;
        this.statistics = statistics;
        this.unread = unread;
        this.ownName = ownName;
    }

    /** False: the bus is gone. */
    boolean send(Signal signal) {
        OutgoingMessage message = OutgoingMessage.signal(signal);
        if (signal.destination().isPresent()) {
            return writer.send(message);
        }
        lookIfItIsTime(message.size());
        return patience().map(bytes -> sendTo(unread.listeners(bytes), signal)).orElseGet(() -> writer.send(message));
    }

    private boolean sendTo(List<String> listeners, Signal signal) {
        return listeners.stream().allMatch(name -> writer.send(OutgoingMessage.signal(signal.to(name))));
    }

    /** Bytes that a listener may leave unread; empty: a signal goes to all. */
    private synchronized Optional<Long> patience() {
        return toListenersOnly ? Optional.of(found < 2 * MUCH ? BURST : Unread.WINDOW) : Optional.empty();
    }

    private void lookIfItIsTime(int bytes) {
        synchronized (this) {
            sinceLook += bytes;
            if (asked || (sinceLook < BETWEEN_LOOKS && !toListenersOnly)) {
                return;
            }
            asked = true;
            sinceLook = 0;
        }
        CompletableFuture<Void> ignored = statistics.unreadOf(ownName.get()).handle((found, failure) -> {
            looked(Optional.ofNullable(found));
            return null;
        });
    }

    private void looked(Optional<Long> answer) {
        boolean begins;
        synchronized (this) {
            asked = false;
            boolean before = toListenersOnly;
            found = answer.orElse(found);
            toListenersOnly = found >= (before ? MUCH / 2 : MUCH);
            begins = toListenersOnly && !before;
            if (before && !toListenersOnly) {
                LOG.info("signals go to all subscribers again");
            }
        }
        if (begins) {
            LOG.warn(
                    "{} MiB of signals lie unread with the bus; until they are read, signals go only to clients that have called, and read",
                    answer.orElse(0L) >> 20);
            unread.lookAtAll();
        }
    }
}
