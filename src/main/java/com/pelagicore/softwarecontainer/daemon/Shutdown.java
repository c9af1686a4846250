package com.pelagicore.softwarecontainer.daemon;

import com.pelagicore.softwarecontainer.bus.BusConnection;
import com.pelagicore.softwarecontainer.bus.BusRequest;
import com.pelagicore.softwarecontainer.config.OnStop;
import com.pelagicore.softwarecontainer.container.Containers;
import com.pelagicore.softwarecontainer.linux.FilterProcess;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end by a signal, with a status that says that it went well, and not the JVM's 143. It takes the time that it
 * needs, within limits; a second signal ends it at once, which is as safe as a crash.
 */
final class Shutdown {

    private static final Logger LOG = LoggerFactory.getLogger(Shutdown.class);

    private static final String SYSTEMD = "org.freedesktop.systemd1";
    private static final Duration SERVICE_MANAGER_ANSWERS = Duration.ofSeconds(2);
    private static final int NOT_CLEAN = 1;

    private final BusConnection bus;
    private final StateDirectory state;
    private final Containers containers;
    private final FilterProcess busFilter;
    private final Supervision supervision;
    private final AtomicBoolean begun = new AtomicBoolean();

    Shutdown(
            BusConnection bus,
            StateDirectory state,
            Containers containers,
            FilterProcess busFilter,
            Supervision supervision) {
        this.bus = bus;
        this.state = state;
        this.containers = containers;
        this.busFilter = busFilter;
        this.supervision = supervision;
    }

    /** Waits for the signal on threads of their own. */
    void onSignal(OnStop onStop) {
        StopSignals.handle(() -> {
            if (begun.compareAndSet(false, true)) {
                stop(onStop);
            } else {
                LOG.warn("stopping at once; what is not finished is left to the next agent");
                Runtime.getRuntime().halt(NOT_CLEAN);
            }
        });
    }

    private void stop(OnStop onStop) {
        LOG.info("stopping");
        supervision.stopping();
        boolean destroys = onStop == OnStop.DESTROY || hostGoesDown();
        boolean clean = destroys ? destroyAll() : keepAll();
        busFilter.close();
        bus.close();
        state.close();
        Runtime.getRuntime().halt(clean ? 0 : NOT_CLEAN);
    }

    private boolean destroyAll() {
        long millis = supervision.stopPatience().toMillis();
        return CompletableFuture.supplyAsync(containers::destroyAll)
                .orTimeout(millis, TimeUnit.MILLISECONDS)
                .exceptionally(late -> {
                    LOG.error("not all containers could be destroyed within {} ms, the next agent will", millis, late);
                    return false;
                })
                .join();
    }

    /** Calls that are under way are answered; one that takes too long is undone by the next agent. */
    private boolean keepAll() {
        containers.close();
        if (!bus.awaitIdle(supervision.stopPatience())) {
            LOG.warn("calls are still under way after {}, the next agent undoes them", supervision.stopPatience());
        }
        containers.destroyBound();
        LOG.info("{} containers go on", containers.ids().size());
        return true;
    }

    /** Then containers cannot go on, and only now can buffers in memory be written back. */
    private boolean hostGoesDown() {
        boolean goesDown = bus.call(BusRequest.ofBus("GetNameOwner", "s", SYSTEMD), SERVICE_MANAGER_ANSWERS)
                .thenCompose(owner -> bus.call(systemState(owner.string(0)), SERVICE_MANAGER_ANSWERS))
                .thenApply(answer -> answer.variant(0).value().equals("stopping"))
                .exceptionally(noSystemd -> false)
                .join();
        if (goesDown) {
            LOG.info("the host goes down: containers are destroyed");
        }
        return goesDown;
    }

    /** @param systemd unique name */
    private static BusRequest systemState(String systemd) {
        return new BusRequest(
                systemd,
                "/org/freedesktop/systemd1",
                "org.freedesktop.DBus.Properties",
                "Get",
                "ss",
                List.of("org.freedesktop.systemd1.Manager", "SystemState"));
    }
}
