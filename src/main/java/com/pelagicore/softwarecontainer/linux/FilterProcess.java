package com.pelagicore.softwarecontainer.linux;

import com.pelagicore.softwarecontainer.busfilter.BusId;
import com.pelagicore.softwarecontainer.busfilter.ControlRequest;
import com.pelagicore.softwarecontainer.container.BusFilter;
import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import com.pelagicore.softwarecontainer.spec.BusRule;
import com.pelagicore.softwarecontainer.spec.BusRule.Bus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The buses of all containers, served by the filter process, which is started when it is first needed. The agent keeps
 * the listening sockets as well: should the filter die, clients that connect wait in them until the next filter has
 * been started and told all rules.
 */
public final class FilterProcess implements BusFilter, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(FilterProcess.class);

    private static final String CONTROL = "bus-filter";
    private static final int SOCKET_MODE = 0666;

    private record Opened(Descriptor listener, OptionalInt user, List<BusRule> rules) {}

    private final Path directory;
    private final FilterProgram program;
    private final Map<Bus, String> addresses;
    private final Map<Bus, String> agentNames;
    private final RestartDelay restartDelay = new RestartDelay();
    private final Map<BusId, Opened> opened = new HashMap<>();

    /** Listening sockets of buses that an earlier agent opened. */
    private final Map<BusId, Descriptor> inherited = new HashMap<>();

    private Optional<FilterLink> link = Optional.empty();
    private boolean closed;

    /**
     * Starts nothing yet.
     *
     * @param directory the shared-mounts-dir
     * @param addresses D-Bus server addresses of the buses that the host has
     * @param agentNames unique names of this agent on those that it is on
     */
    public FilterProcess(
            Path directory, FilterProgram program, Map<Bus, String> addresses, Map<Bus, String> agentNames) {
        this.directory = directory;
        this.program = program;
        this.addresses = Map.copyOf(addresses);
        this.agentNames = Map.copyOf(agentNames);
    }

    @Override
    public void requireBus(Bus bus) {
        if (!addresses.containsKey(bus)) {
            throw new SoftwareContainerException(
                    ErrorKind.NOT_FOUND,
                    "The host has no " + name(bus) + " bus: DBUS_SESSION_BUS_ADDRESS is not set for the agent");
        }
    }

    @Override
    public void requireUser(int uid) {
        if (!program.otherUsers().contains(uid)) {
            throw new SoftwareContainerException(
                    ErrorKind.INVALID_ARGUMENT,
                    "user " + uid
                            + " for clients on the buses is not among the 'dbus-container-uids' of the configuration");
        }
    }

    @Override
    public Path socket(String container, Bus bus) {
        return directory.resolve(container).resolve(name(bus) + "-bus");
    }

    @Override
    public synchronized void open(String container, Bus bus, OptionalInt user, List<BusRule> rules) {
        requireBus(bus);
        Descriptor listener = StreamListener.listen(socket(container, bus), SOCKET_MODE);
        BusId id = new BusId(container, bus);
        try {
            FilterLink running = running();
            // should there be one of that name that could not be closed
            running.request(new ControlRequest.Close(container, bus), List.of());
            serve(running, id, new Opened(listener, user, rules));
        } catch (RuntimeException e) {
            opened.remove(id);
            listener.close();
            throw e;
        }
    }

    @Override
    public synchronized boolean resume(String container, Bus bus, OptionalInt user, List<BusRule> rules) {
        requireBus(bus);
        FilterLink running = running();
        BusId id = new BusId(container, bus);
        Optional<Descriptor> existing = Optional.ofNullable(inherited.remove(id));
        Descriptor listener = existing.orElseGet(() -> {
            delete(socket(container, bus));
            return StreamListener.listen(socket(container, bus), SOCKET_MODE);
        });
        serve(running, id, new Opened(listener, user, rules));
        return existing.isPresent();
    }

    @Override
    public synchronized void replaceRules(String container, Bus bus, List<BusRule> rules) {
        BusId id = new BusId(container, bus);
        Opened before = opened.get(id);
        if (before == null) {
            return;
        }
        FilterLink running = running();
        running.request(new ControlRequest.Replace(container, bus, rules), List.of());
        opened.put(id, new Opened(before.listener(), before.user(), rules));
    }

    @Override
    public synchronized void close(String container, Bus bus) {
        BusId id = new BusId(container, bus);
        Optional<Opened> before = Optional.ofNullable(opened.remove(id));
        before.ifPresent(each -> each.listener().close());
        try {
            // also a filter that an earlier agent started and told of the container
            link().ifPresent(existing -> existing.request(new ControlRequest.Close(container, bus), List.of()));
        } catch (SoftwareContainerException e) {
            // a filter that has ended, or was ended because it did not answer, serves nobody
            LOG.debug("closing {}", id, e);
        }
        Optional.ofNullable(inherited.remove(id)).ifPresent(Descriptor::close);
        delete(socket(container, bus));
    }

    @Override
    public synchronized void closeOthers(Set<String> spared) {
        Optional<FilterLink> ignored = link();
        for (BusId id : List.copyOf(inherited.keySet())) {
            if (!spared.contains(id.container())) {
                close(id.container(), id.bus());
            }
        }
    }

    /** Lets go of the filter, which ends unless there are still containers. */
    @Override
    public synchronized void close() {
        closed = true;
        link.ifPresent(FilterLink::close);
        opened.values().forEach(each -> each.listener().close());
        opened.clear();
        inherited.values().forEach(Descriptor::close);
        inherited.clear();
    }

    private FilterLink running() {
        return link().orElseGet(() -> {
            delete(control());
            Process ignored = FilterLaunch.start(program, control());
            return link().orElseThrow(() -> new SoftwareContainerException(
                    ErrorKind.HOST_REFUSED, "the D-Bus filter cannot be reached at '" + control() + "'"));
        });
    }

    /** The filter that runs, if one does. */
    private Optional<FilterLink> link() {
        if (link.filter(existing -> !existing.isLost()).isPresent()) {
            return link;
        }
        link.ifPresent(FilterLink::close);
        link = FilterLink.connect(control(), this::ended);
        try {
            link = link.filter(this::meet);
        } catch (SoftwareContainerException e) {
            LOG.warn("the D-Bus filter that runs is of no use: {}, ignoring", e.getMessage());
            link.ifPresent(FilterLink::close);
            link = Optional.empty();
        }
        return link;
    }

    /** False: it would do other work than a filter of this agent, and was retired. */
    private boolean meet(FilterLink fresh) {
        for (BusId id : fresh.openBuses()) {
            if (!opened.containsKey(id)) {
                Optional.ofNullable(inherited.put(id, fresh.claim(id))).ifPresent(Descriptor::close);
            }
        }
        if (!fresh.request(new ControlRequest.Identify(), List.of()).equals(program.identity())) {
            LOG.info("the D-Bus filter of an earlier agent is replaced; it ends with its last connection");
            fresh.request(new ControlRequest.Retire(), List.of());
            fresh.close();
            return false;
        }
        agentNames.forEach((bus, name) -> fresh.request(new ControlRequest.Agent(bus, name), List.of()));
        Map.copyOf(opened).forEach((id, bus) -> serve(fresh, id, bus));
        return true;
    }

    private void serve(FilterLink target, BusId id, Opened bus) {
        opened.put(id, bus);
        String address = addresses.getOrDefault(id.bus(), "");
        target.request(
                new ControlRequest.Open(id.container(), id.bus(), address, bus.user(), bus.rules()),
                List.of(bus.listener()));
    }

    private synchronized void ended() {
        if (closed || opened.isEmpty()) {
            return;
        }
        Duration delay = restartDelay.afterEnd(System.nanoTime());
        LOG.warn("the D-Bus filter has ended, starting it anew in {} s", delay.toSeconds());
        CompletableFuture.delayedExecutor(delay.toMillis(), TimeUnit.MILLISECONDS)
                .execute(this::startAnew);
    }

    private synchronized void startAnew() {
        if (closed || opened.isEmpty()) {
            return;
        }
        try {
            FilterLink ignored = running();
        } catch (RuntimeException e) {
            LOG.error("the D-Bus filter cannot be started anew: {}", e.getMessage());
            ended();
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path control() {
        return directory.resolve(CONTROL);
    }

    private static String name(Bus bus) {
        return bus.name().toLowerCase(Locale.ROOT);
    }
}
