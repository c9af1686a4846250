package com.pelagicore.softwarecontainer.linux;

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
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The filter process, started when it is first needed. The agent keeps the listening sockets as well: should the
 * filter die, clients that connect wait in them until the next filter has been started and told all rules.
 */
public final class FilterProcess implements BusFilter, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(FilterProcess.class);

    private static final String CONTROL = "bus-filter";
    private static final int SOCKET_MODE = 0666;

    /** A filter that dies this often without any new request is not started again by itself. */
    private static final int MAXIMUM_RESTARTS = 5;

    private record Key(String container, Bus bus) {}

    private record Opened(Descriptor listener, List<BusRule> rules) {}

    private final Path directory;
    private final FilterProgram program;
    private final Map<Bus, String> addresses;
    private final Map<Bus, String> agentNames;
    private final Map<Key, Opened> opened = new HashMap<>();
    private Optional<FilterLink> link = Optional.empty();
    private int restarts;
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
    public Path socket(String container, Bus bus) {
        return directory.resolve(container).resolve(name(bus) + "-bus");
    }

    @Override
    public synchronized void open(String container, Bus bus, List<BusRule> rules) {
        requireBus(bus);
        restarts = 0;
        Descriptor listener = StreamListener.listen(socket(container, bus), SOCKET_MODE);
        Key key = new Key(container, bus);
        try {
            FilterLink running = running();
            opened.put(key, new Opened(listener, rules));
            send(running, key);
        } catch (RuntimeException e) {
            opened.remove(key);
            listener.close();
            throw e;
        }
    }

    @Override
    public synchronized void replaceRules(String container, Bus bus, List<BusRule> rules) {
        Key key = new Key(container, bus);
        Opened before = opened.get(key);
        if (before == null) {
            return;
        }
        FilterLink running = running();
        running.request(new ControlRequest.Replace(container, bus, rules), List.of());
        opened.put(key, new Opened(before.listener(), rules));
    }

    @Override
    public synchronized void close(String container, Bus bus) {
        Opened before = opened.remove(new Key(container, bus));
        if (before != null) {
            before.listener().close();
        }
        // also a filter that an earlier agent started and told of the container
        link().ifPresent(existing -> existing.request(new ControlRequest.Close(container, bus), List.of()));
        try {
            Files.deleteIfExists(socket(container, bus));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Lets go of the filter, which ends unless there are still containers. */
    @Override
    public synchronized void close() {
        closed = true;
        link.ifPresent(FilterLink::close);
        opened.values().forEach(each -> each.listener().close());
        opened.clear();
    }

    private FilterLink running() {
        return link().orElseGet(() -> {
            try {
                Files.deleteIfExists(control());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            Process ignored = program.start(control());
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
        link = FilterLink.connect(control(), this::restart);
        link.ifPresent(fresh -> {
            agentNames.forEach((bus, name) -> fresh.request(new ControlRequest.Agent(bus, name), List.of()));
            opened.keySet().forEach(key -> send(fresh, key));
        });
        return link;
    }

    private void send(FilterLink target, Key key) {
        Opened bus = opened.get(key);
        if (bus != null) {
            String address = addresses.getOrDefault(key.bus(), "");
            target.request(
                    new ControlRequest.Open(key.container(), key.bus(), address, bus.rules()), List.of(bus.listener()));
        }
    }

    private synchronized void restart() {
        if (closed || opened.isEmpty()) {
            return;
        }
        LOG.warn("the D-Bus filter has ended, starting it anew");
        if (++restarts > MAXIMUM_RESTARTS) {
            LOG.error("the D-Bus filter ended {} times, it is not started again before the next grant", restarts);
            return;
        }
        try {
            running();
        } catch (RuntimeException e) {
            LOG.error("the D-Bus filter cannot be started anew: {}", e.getMessage());
        }
    }

    private Path control() {
        return directory.resolve(CONTROL);
    }

    private static String name(Bus bus) {
        return bus.name().toLowerCase(Locale.ROOT);
    }
}
