package com.pelagicore.softwarecontainer.supervision;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives signs of life to the service manager, which ends an agent that gives none; each only after the agent was
 * seen to work.
 */
public final class Watchdog implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);

    private final ServiceNotifier manager;
    private final Duration period;
    private final Predicate<Duration> works;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread watchdog = new Thread(work, "watchdog");
        watchdog.setDaemon(true);
        return watchdog;
    });

    private Watchdog(ServiceNotifier manager, Duration period, Predicate<Duration> works) {
        this.manager = manager;
        this.period = period;
        this.works = works;
    }

    /**
     * How often the service manager wants to see a sign of life of this process (sd_watchdog_enabled(3)).
     *
     * @param environment of this process
     * @return empty: it does not, or what it says about that is not a number
     */
    public static Optional<Duration> interval(Map<String, String> environment, long pid) {
        String owner = environment.getOrDefault("WATCHDOG_PID", Long.toString(pid));
        String micros = environment.getOrDefault("WATCHDOG_USEC", "");
        if (!owner.equals(Long.toString(pid)) || !micros.matches("0*[1-9][0-9]{0,15}")) {
            return Optional.empty();
        }
        return Optional.of(Duration.ofNanos(Long.parseLong(micros) * 1000));
    }

    /**
     * Looks at once, and from then on twice in each interval.
     *
     * @param works true if the agent works, and not later than after the time that it is given; throws nothing
     */
    public static Watchdog start(ServiceNotifier manager, Duration interval, Predicate<Duration> works) {
        Watchdog watchdog = new Watchdog(manager, interval.dividedBy(2), works);
        long nanos = watchdog.period.toNanos();
        Object ignored = watchdog.thread.scheduleAtFixedRate(watchdog::look, 0, nanos, TimeUnit.NANOSECONDS);
        return watchdog;
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    private void look() {
        if (works.test(period)) {
            manager.alive();
        } else if (!thread.isShutdown()) {
            LOG.error("the agent did not answer itself within {} ms", period.toMillis());
        }
    }
}
