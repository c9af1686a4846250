package com.pelagicore.softwarecontainer.linux;

import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the rules whenever somebody has changed some, as firewalls are loaded anew, often by flushing everybody's; and
 * once more, later, when that went wrong: no other event may come. Thread-safe.
 */
final class RuleWatch {

    private static final Logger LOG = LoggerFactory.getLogger(RuleWatch.class);

    private final Consumer<Runnable> events;
    private final Runnable look;
    private final AtomicBoolean isStarted = new AtomicBoolean();
    private final RestartDelay delay = new RestartDelay();

    /** Has no thread until it is needed. */
    private final ScheduledExecutorService thread = new ScheduledThreadPoolExecutor(1, run -> {
        Thread daemon = new Thread(run, "rules");
        daemon.setDaemon(true);
        return daemon;
    });

    private Future<?> again = CompletableFuture.completedFuture("never");

    /**
     * Does nothing yet.
     *
     * @param events begins to call what it is given, on a thread of its own
     * @param look called by one thread at a time; throws if it has to be called once more
     */
    RuleWatch(Consumer<Runnable> events, Runnable look) {
        this.events = events;
        this.look = look;
    }

    /** Can be repeated. */
    void start() {
        if (isStarted.compareAndSet(false, true)) {
            try {
                events.accept(this::look);
            } catch (RuntimeException e) {
                isStarted.set(false);
                throw e;
            }
        }
    }

    private synchronized void look() {
        again.cancel(false);
        try {
            look.run();
        } catch (SoftwareContainerException e) {
            LOG.error("the rules of containers may not be in force: {}", e.getMessage());
            lookAgain();
        } catch (RuntimeException e) {
            LOG.error("the rules of containers may not be in force", e);
            lookAgain();
        }
    }

    private void lookAgain() {
        Duration wait = delay.afterEnd(System.nanoTime());
        again = thread.schedule(this::look, wait.toMillis(), TimeUnit.MILLISECONDS);
    }
}
