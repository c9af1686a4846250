package com.pelagicore.softwarecontainer.busfilter;

import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import com.pelagicore.softwarecontainer.spec.BusRule.Bus;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** All containers' buses and the agent's connection; runs until nobody needs it. */
public final class Filter {

    /** An agent that starts the filter and does not come within this time is dead. */
    private static final Duration AGENT_COMES = Duration.ofSeconds(20);

    /**
     * An answer that is no refusal.
     *
     * @param descriptors that go with it
     */
    record Served(String text, List<PassedDescriptor> descriptors) {

        static final Served DONE = text("");

        static Served text(String text) {
            return new Served(text, List.of());
        }
    }

    private final FilterHost host;
    private final Events events;
    private final String identity;
    private final Consumer<String> log;
    private final Map<Bus, Guarded> guarded = new EnumMap<>(Bus.class);
    private final Map<BusId, FilteredBus> buses = new HashMap<>();
    private final Set<ControlConnection> agents = new HashSet<>();
    private Optional<FilterListener> control = Optional.empty();

    /**
     * @param identity for {@link ControlRequest.Identify}
     * @param log takes lines for the administrator
     */
    public Filter(FilterHost host, Events events, String identity, Consumer<String> log) {
        this.host = host;
        this.events = events;
        this.identity = identity;
        this.log = log;
    }

    /** Serves until there is neither an agent nor a container. */
    public void run(FilterListener controlSocket) {
        start(controlSocket);
        long deadline = System.nanoTime() + AGENT_COMES.toNanos();
        while (agents.isEmpty() && System.nanoTime() - deadline < 0) {
            events.await(AGENT_COMES);
        }
        while (isNeeded()) {
            events.await(Duration.ofDays(1));
        }
    }

    void start(FilterListener controlSocket) {
        control = Optional.of(controlSocket);
        events.watch(controlSocket, (readable, writable) -> accept(controlSocket));
    }

    boolean isNeeded() {
        return !agents.isEmpty() || buses.values().stream().anyMatch(FilteredBus::isNeeded);
    }

    private void accept(FilterListener controlSocket) {
        try {
            controlSocket.accept().ifPresent(this::serve);
        } catch (SoftwareContainerException e) {
            log.accept("the agent waits: " + e.getMessage());
            events.pause(controlSocket, FilterListener.RECOVERY);
        }
    }

    private void serve(FilterSocket socket) {
        ControlConnection agent = new ControlConnection(socket, this, events);
        agents.add(agent);
        agent.start();
    }

    void agentGone(ControlConnection agent) {
        agents.remove(agent);
    }

    /**
     * Does it.
     *
     * @param descriptors that came and belong to no earlier request
     * @throws IllegalArgumentException if it cannot be done
     */
    Served serve(ControlRequest request, Queue<PassedDescriptor> descriptors) {
        if (request instanceof ControlRequest.Identify) {
            return Served.text(identity);
        } else if (request instanceof ControlRequest.ListOpen) {
            return Served.text(list());
        } else if (request instanceof ControlRequest.Claim claim) {
            FilteredBus bus = served(claim.container(), claim.bus());
            return new Served("", List.of(bus.socket()));
        } else if (request instanceof ControlRequest.Retire) {
            retire();
        } else if (request instanceof ControlRequest.Open open) {
            PassedDescriptor listening = descriptors.poll();
            if (listening == null) {
                throw new IllegalArgumentException("no socket came with the request");
            }
            open(open, host.listener(listening));
        } else if (request instanceof ControlRequest.Replace replace) {
            served(replace.container(), replace.bus()).policy().replace(new Rules(replace.rules()));
        } else if (request instanceof ControlRequest.Close close) {
            close(new BusId(close.container(), close.bus()));
        } else if (request instanceof ControlRequest.Agent agent) {
            guarded(agent.bus()).add(agent.uniqueName());
        }
        return Served.DONE;
    }

    private String list() {
        return buses.keySet().stream().map(BusId::toString).sorted().collect(Collectors.joining("\n"));
    }

    private void retire() {
        control.ifPresent(listener -> {
            events.forget(listener);
            listener.close();
        });
        control = Optional.empty();
        buses.values().forEach(FilteredBus::retire);
    }

    private FilteredBus served(String container, Bus bus) {
        FilteredBus served = buses.get(new BusId(container, bus));
        if (served == null) {
            throw new IllegalArgumentException(container + " is not served");
        }
        return served;
    }

    private void open(ControlRequest.Open open, FilterListener listener) {
        Rules rules = new Rules(open.rules());
        FilteredBus existing = buses.get(new BusId(open.container(), open.bus()));
        if (existing != null) {
            existing.policy().replace(rules);
            existing.listenAt(listener);
            return;
        }
        String about = open.container() + ": " + open.bus().name().toLowerCase(Locale.ROOT) + " bus";
        FilteredBus bus = new FilteredBus(
                () -> host.connect(open.addresses(), open.user()),
                events,
                new Policy(guarded(open.bus()), rules),
                new FilterLog(about, log, System::nanoTime));
        buses.put(new BusId(open.container(), open.bus()), bus);
        bus.listenAt(listener);
    }

    private Guarded guarded(Bus bus) {
        return guarded.computeIfAbsent(bus, each -> new Guarded());
    }

    private void close(BusId id) {
        FilteredBus bus = buses.remove(id);
        if (bus != null) {
            bus.close();
        }
    }
}
