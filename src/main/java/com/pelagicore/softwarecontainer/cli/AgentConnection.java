package com.pelagicore.softwarecontainer.cli;

import com.pelagicore.softwarecontainer.bus.Arguments;
import com.pelagicore.softwarecontainer.bus.BusAddress;
import com.pelagicore.softwarecontainer.bus.BusClient;
import com.pelagicore.softwarecontainer.bus.BusError;
import com.pelagicore.softwarecontainer.bus.BusRequest;
import com.pelagicore.softwarecontainer.bus.Signal;
import com.pelagicore.softwarecontainer.bus.Variant;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** The agent as it is reached over a bus. Errors are {@link ToolFailure}. */
final class AgentConnection implements AutoCloseable {

    /** Longer than anything that the agent does: it has deadlines of its own. */
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final BusClient bus;
    private final String agent;
    private final CompletableFuture<String> loss;

    private AgentConnection(BusClient bus, String agent, CompletableFuture<String> loss) {
        this.bus = bus;
        this.agent = agent;
        this.loss = loss;
    }

    /**
     * Connects, and has the bus start the agent if it can.
     *
     * @param signals hears those that {@link #follow} asked for, from one thread
     */
    static AgentConnection open(ToolHost host, List<BusAddress> addresses, Consumer<Signal> signals) {
        CompletableFuture<String> loss = new CompletableFuture<>();
        try {
            BusClient bus = BusClient.connect(host.connect().apply(addresses), signals, loss::complete);
            try {
                return new AgentConnection(bus, bus.owner(AgentMethod.BUS_NAME), loss);
            } catch (BusError e) {
                bus.close();
                throw ToolFailure.of(e);
            }
        } catch (SoftwareContainerException e) {
            throw new ToolFailure(ExitStatus.UNREACHABLE, String.valueOf(e.getMessage()));
        }
    }

    /** Calls a method of the agent and waits for its answer. */
    Arguments call(String path, AgentMethod method, Object... arguments) {
        BusRequest request = new BusRequest(
                agent, path, method.interfaceName(), method.member(), method.signature(), List.of(arguments));
        try {
            return bus.call(request, PATIENCE);
        } catch (BusError e) {
            throw ToolFailure.of(e);
        }
    }

    /** Calls a method of a container. */
    Arguments call(int container, AgentMethod method, Object... arguments) {
        BusRequest request = new BusRequest(
                agent,
                AgentMethod.CONTAINER_PATH + container,
                method.interfaceName(),
                method.member(),
                method.signature(),
                List.of(arguments));
        try {
            return bus.call(request, PATIENCE);
        } catch (BusError e) {
            if (e.name().equals("org.freedesktop.DBus.Error.UnknownObject")) {
                throw new ToolFailure(ExitStatus.REFUSED, "there is no container " + container);
            }
            throw ToolFailure.of(e);
        }
    }

    /** Connects for one call about one container. */
    static int callOnce(Tool tool, String activity, int container, AgentMethod method, Object argument) {
        try (AgentConnection agent = tool.connect()) {
            Progress.during(tool.host(), activity, () -> agent.call(container, method, argument));
            return ExitStatus.DONE;
        }
    }

    /** Makes a container; its number. */
    int create(Map<String, Variant> options) {
        String path = call(AgentMethod.PATH, AgentMethod.CREATE, options).string(0);
        return Integer.parseInt(path.substring(path.lastIndexOf('/') + 1));
    }

    /** By number, ascending. */
    List<ContainerInfo> containers() {
        Map<?, ?> objects =
                call(AgentMethod.PATH, AgentMethod.GET_MANAGED_OBJECTS).dictionary(0);
        return objects.values().stream()
                .map(interfaces -> Optional.ofNullable(((Map<?, ?>) interfaces).get(AgentMethod.CONTAINER)))
                .flatMap(Optional::stream)
                .map(properties -> ContainerInfo.of(Arguments.variants((Map<?, ?>) properties)))
                .sorted(Comparator.comparingInt(ContainerInfo::id))
                .toList();
    }

    ContainerInfo container(int id) {
        return ContainerInfo.of(
                call(id, AgentMethod.GET_ALL, AgentMethod.CONTAINER).variants(0));
    }

    /**
     * Asks for signals of the agent.
     *
     * @param more parts of a match rule (D-Bus specification, "Match Rules"), for instance {@code member='M'}
     */
    void follow(String more) {
        try {
            bus.match("type='signal',sender='" + agent + "'," + more);
            bus.match("type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged',arg0='" + agent + "'");
        } catch (BusError e) {
            throw ToolFailure.of(e);
        }
    }

    /** To be told the reason when the bus is gone, or is already. */
    void onLoss(Consumer<String> listener) {
        CompletableFuture<Void> ignored = loss.thenAccept(listener);
    }

    @Override
    public void close() {
        bus.close();
    }
}
