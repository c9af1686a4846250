package com.pelagicore.softwarecontainer.linux;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import com.pelagicore.softwarecontainer.linux.HostNames.Answer;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks for host names again when their answers are no longer good. Thread-safe; works on a thread of its own. */
final class NameRefresh {

    /** A TTL below that, which is often 0, is not taken at its word. */
    static final Duration SHORTEST = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(NameRefresh.class);
    private static final Duration NEVER = Duration.ofDays(1000);

    /** Who needs the names; called on one thread. */
    interface Listener {

        Set<String> names();

        void learn(String name, Set<InetAddress> addresses);
    }

    private final HostNames names;
    private final Duration interval;
    private final Listener listener;
    private final long start = System.nanoTime();

    /** Has no thread until it is needed. */
    private final ScheduledExecutorService thread = new ScheduledThreadPoolExecutor(1, run -> {
        Thread daemon = new Thread(run, "names");
        daemon.setDaemon(true);
        return daemon;
    });

    // of the thread only
    private final Map<String, Duration> due = new HashMap<>();
    private Future<?> nextRound = CompletableFuture.completedFuture(NEVER);

    /**
     * Does nothing yet.
     *
     * @param interval names are asked for that often, or more often if their TTL says so
     */
    NameRefresh(HostNames names, Duration interval, Listener listener) {
        this.names = names;
        this.interval = interval;
        this.listener = listener;
    }

    /** To be called with names that were just resolved: their TTL is not known yet. */
    void add(Collection<String> resolved) {
        if (!resolved.isEmpty()) {
            Future<?> ignored = thread.submit(() -> {
                due.keySet().removeAll(resolved);
                round();
            });
        }
    }

    private void round() {
        Set<String> wanted = listener.names();
        due.keySet().retainAll(wanted);
        for (String name : wanted) {
            if (due.getOrDefault(name, Duration.ZERO).compareTo(now()) <= 0) {
                due.put(name, NEVER);
                ask(name);
            }
        }
        scheduleNextRound();
    }

    private void ask(String name) {
        CompletableFuture<?> ignored = names.ask(name)
                .thenApplyAsync(answer -> learn(name, answer), thread)
                .exceptionally(failure -> failed(name, failure))
                .thenAcceptAsync(goodFor -> askAgain(name, goodFor), thread);
    }

    /** Returns how long to wait before asking again. */
    private Duration learn(String name, Answer answer) {
        listener.learn(name, answer.addresses());
        Duration goodFor = answer.timeToLive().orElse(interval);
        Duration wait = goodFor.compareTo(SHORTEST) < 0 ? SHORTEST : goodFor;
        return wait.compareTo(interval) < 0 ? wait : interval;
    }

    /** What is known stays as it is. */
    private Duration failed(String name, Throwable failure) {
        boolean expected = failure.getCause() instanceof SoftwareContainerException refused
                && (refused.kind() == ErrorKind.NOT_FOUND || refused.kind() == ErrorKind.TIMED_OUT);
        if (expected) {
            LOG.debug("the host name {} is not resolved at the moment", name);
        } else {
            LOG.warn("the host name {} could not be brought up to date, trying again later", name, failure);
        }
        return interval;
    }

    private void askAgain(String name, Duration wait) {
        due.computeIfPresent(name, (same, never) -> now().plus(wait));
        scheduleNextRound();
    }

    private void scheduleNextRound() {
        nextRound.cancel(false);
        if (!due.isEmpty()) {
            Duration wait = Collections.min(due.values()).minus(now());
            nextRound = thread.schedule(this::round, wait.toMillis() + 1, TimeUnit.MILLISECONDS);
        }
    }

    private Duration now() {
        return Duration.ofNanos(System.nanoTime() - start);
    }
}
