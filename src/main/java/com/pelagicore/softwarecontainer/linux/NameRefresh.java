package com.pelagicore.softwarecontainer.linux;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does something again and again on one thread; that starts when first needed. */
final class NameRefresh {

    /** Java's resolver does not tell how long an answer is good for, and keeps it for half a minute itself. */
    static final Duration INTERVAL = Duration.ofSeconds(60);

    private static final Logger LOG = LoggerFactory.getLogger(NameRefresh.class);

    private final Runnable work;
    private final AtomicBoolean started = new AtomicBoolean();

    NameRefresh(Runnable work) {
        this.work = work;
    }

    void start() {
        if (started.compareAndSet(false, true)) {
            ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(run -> {
                Thread daemon = new Thread(run, "names");
                daemon.setDaemon(true);
                return daemon;
            });
            long seconds = INTERVAL.toSeconds();
            Future<?> ignored = thread.scheduleWithFixedDelay(this::safely, seconds, seconds, TimeUnit.SECONDS);
        }
    }

    /** What is thrown would end it for ever. */
    private void safely() {
        try {
            work.run();
        } catch (RuntimeException e) {
            LOG.warn("host names of network rules could not be refreshed, trying again later", e);
        }
    }
}
