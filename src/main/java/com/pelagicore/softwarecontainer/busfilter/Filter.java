package com.pelagicore.softwarecontainer.busfilter;

import com.pelagicore.softwarecontainer.spec.BusRule.Bus;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.function.Consumer;

/** All containers' buses and the agent's connection; runs until nobody needs it. */
public final class Filter {

    /** An agent that starts the filter and does not come within this time is dead. */
    private static final Duration AGENT_COMES = Duration.ofSeconds(20);

    private record Key(String container, Bus bus) {}

    private final FilterHost host;
    private final Events events;
    private final Consumer<String> log;
    private final Map<Bus, Guarded> guarded = new EnumMap<>(Bus.class);
    private final Map<Key, FilteredBus> buses = new HashMap<>();
    private final Set<ControlConnection> agents = new HashSet<>();

    /** @param log takes lines for the administrator */
    public Filter(FilterHost host, Events events, Consumer<String> log) {
        this.host = host;
        this.events = events;
        this.log = log;
    }

    /** Serves until there is neither an agent nor a container. */
    public void run(FilterListener control) {
        events.watch(control, (readable, writable) -> accept(control));
        long deadline = System.nanoTime() + AGENT_COMES.toNanos();
        while (agents.isEmpty() && System.nanoTime() - deadline < 0) {
            events.await(AGENT_COMES);
        }
        while (!agents.isEmpty() || !buses.isEmpty()) {
            events.await(Duration.ofDays(1));
        }
    }

    private void accept(FilterListener control) {
        Optional<FilterSocket> socket = control.accept();
        if (socket.isEmpty()) {
            return;
        }
        if (socket.get().peerUid() != 0) {
            socket.get().close();
            return;
        }
        ControlConnection agent = new ControlConnection(socket.get(), this, events);
        agents.add(agent);
        agent.start();
    }

    void agentGone(ControlConnection agent) {
        agents.remove(agent);
    }

    /** @param descriptors that came and belong to no earlier request */
    void serve(ControlRequest request, Queue<PassedDescriptor> descriptors) {
        if (request instanceof ControlRequest.Open open) {
            PassedDescriptor listening = descriptors.poll();
            if (listening == null) {
                throw new IllegalArgumentException("no socket came with the request");
            }
            open(open, host.listener(listening));
        } else if (request instanceof ControlRequest.Replace replace) {
            FilteredBus bus = buses.get(new Key(replace.container(), replace.bus()));
            if (bus == null) {
                throw new IllegalArgumentException(replace.container() + " is not served");
            }
            bus.policy().replace(new Rules(replace.rules()));
        } else if (request instanceof ControlRequest.Close close) {
            close(new Key(close.container(), close.bus()));
        } else if (request instanceof ControlRequest.Agent agent) {
            guarded(agent.bus()).add(agent.uniqueName());
        }
    }

    private void open(ControlRequest.Open open, FilterListener listener) {
        Key key = new Key(open.container(), open.bus());
        close(key);
        String about = open.container() + ": " + open.bus().name().toLowerCase(Locale.ROOT) + " bus";
        FilteredBus bus = new FilteredBus(
                open.addresses(),
                listener,
                host,
                events,
                new Policy(guarded(open.bus()), new Rules(open.rules())),
                new FilterLog(about, log, System::nanoTime));
        buses.put(key, bus);
        bus.start();
    }

    private Guarded guarded(Bus bus) {
        return guarded.computeIfAbsent(bus, each -> new Guarded());
    }

    private void close(Key key) {
        FilteredBus bus = buses.remove(key);
        if (bus != null) {
            bus.close();
        }
    }
}
