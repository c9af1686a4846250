package com.pelagicore.softwarecontainer.daemon;

import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import com.pelagicore.softwarecontainer.linux.UnixDatagram;
import com.pelagicore.softwarecontainer.supervision.DatagramTarget;
import com.pelagicore.softwarecontainer.supervision.ServiceNotifier;
import com.pelagicore.softwarecontainer.supervision.Watchdog;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The service manager that started this process, if one did, by what the environment says. */
final class Supervision {

    private static final Logger LOG = LoggerFactory.getLogger(Supervision.class);

    /** What a stop may take beyond the time that the configuration gives killed processes. */
    private static final Duration STOP_MARGIN = Duration.ofSeconds(60);

    private final Map<String, String> environment;
    private final Duration stopPatience;
    private final ServiceNotifier notifier;
    private Optional<Watchdog> watchdog = Optional.empty();

    /** @param shutdownTimeout that of the configuration */
    Supervision(Map<String, String> environment, Duration shutdownTimeout) {
        this.environment = Map.copyOf(environment);
        this.stopPatience = shutdownTimeout.plus(STOP_MARGIN);
        this.notifier = new ServiceNotifier(Optional.ofNullable(environment.get("NOTIFY_SOCKET"))
                .filter(name -> !name.isEmpty())
                .flatMap(Supervision::open));
    }

    /** A service manager that cannot be told is no reason not to work. */
    private static Optional<DatagramTarget> open(String name) {
        try {
            return Optional.of(UnixDatagram.to(name));
        } catch (SoftwareContainerException e) {
            LOG.warn("NOTIFY_SOCKET: {}, ignoring", e.getMessage());
            return Optional.empty();
        }
    }

    /** @param works as {@link Watchdog#start} wants it */
    void ready(String status, Predicate<Duration> works) {
        notifier.ready(status);
        watchdog = Watchdog.interval(environment, ProcessHandle.current().pid())
                .map(interval -> Watchdog.start(notifier, interval, works));
    }

    void failed(String reason) {
        notifier.status(reason);
    }

    /** How long a stop may take. */
    Duration stopPatience() {
        return stopPatience;
    }

    void stopping() {
        watchdog.ifPresent(Watchdog::close);
        notifier.stopping("stopping", stopPatience);
    }
}
