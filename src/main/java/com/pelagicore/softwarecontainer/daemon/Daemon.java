package com.pelagicore.softwarecontainer.daemon;

import com.pelagicore.softwarecontainer.agent.Agents;
import com.pelagicore.softwarecontainer.agent.ContainerAgents;
import com.pelagicore.softwarecontainer.agent.dbus.AgentDoor;
import com.pelagicore.softwarecontainer.agent.dbus.AuditLog;
import com.pelagicore.softwarecontainer.agent.dbus.BoundContainers;
import com.pelagicore.softwarecontainer.agent.dbus.ContainerDoor;
import com.pelagicore.softwarecontainer.agent.dbus.ContainerObjects;
import com.pelagicore.softwarecontainer.agent.dbus.LegacyDoor;
import com.pelagicore.softwarecontainer.agent.dbus.LogControl;
import com.pelagicore.softwarecontainer.agent.dbus.ProcessSignals;
import com.pelagicore.softwarecontainer.bus.BusAddress;
import com.pelagicore.softwarecontainer.bus.BusConnection;
import com.pelagicore.softwarecontainer.bus.BusLimits;
import com.pelagicore.softwarecontainer.bus.NameRequest;
import com.pelagicore.softwarecontainer.capability.Catalogue;
import com.pelagicore.softwarecontainer.config.DaemonConfig;
import com.pelagicore.softwarecontainer.container.Containers;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import com.pelagicore.softwarecontainer.gateway.GatewayCompiler;
import com.pelagicore.softwarecontainer.gateway.HostFacts;
import com.pelagicore.softwarecontainer.gateway.cgroups.CgroupsGateway;
import com.pelagicore.softwarecontainer.gateway.dbus.DbusGateway;
import com.pelagicore.softwarecontainer.gateway.devicenode.DeviceNodeGateway;
import com.pelagicore.softwarecontainer.gateway.environment.EnvironmentGateway;
import com.pelagicore.softwarecontainer.gateway.file.FileGateway;
import com.pelagicore.softwarecontainer.gateway.network.NetworkGateway;
import com.pelagicore.softwarecontainer.gateway.pulse.PulseGateway;
import com.pelagicore.softwarecontainer.gateway.wayland.WaylandGateway;
import com.pelagicore.softwarecontainer.linux.BusSocket;
import com.pelagicore.softwarecontainer.linux.ClassArchive;
import com.pelagicore.softwarecontainer.linux.FilterProcess;
import com.pelagicore.softwarecontainer.linux.FilterProgram;
import com.pelagicore.softwarecontainer.linux.KernelEvents;
import com.pelagicore.softwarecontainer.spec.BusRule.Bus;
import com.pelagicore.softwarecontainer.undo.JournalFile;
import com.pelagicore.softwarecontainer.undo.Journals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The running agent: everything wired together, and its end. */
final class Daemon {

    private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);

    /** The bus went away; containers go on, and the unit starts the agent anew. */
    private static final int BUS_LOST = 2;

    /** How many containers are destroyed at a time whose callers left the bus. */
    private static final int DESTROYERS = 4;

    /** Seconds after which the calls that waited for the start are over, and an agent without calls is idle. */
    private static final int SETTLING = 10;

    private final CountDownLatch ended = new CountDownLatch(1);

    private Daemon() {}

    /**
     * Checks everything that can be checked, takes the bus name, and only then changes the host.
     *
     * @throws CannotStart if the host is not as needed
     * @throws SoftwareContainerException if the host refuses a step
     */
    static Daemon start(
            DaemonConfig config, JournalFile.Source journalFiles, Supervision supervision, Logging logging) {
        requireRoot();
        HostCheck check = check(config);
        Catalogue catalogue = Catalogue.load(config.serviceManifests(), config.defaultServiceManifests());
        GatewayCompiler gateways = new GatewayCompiler(
                List.of(
                        new EnvironmentGateway(),
                        new FileGateway(),
                        new NetworkGateway(),
                        new DbusGateway(),
                        new DeviceNodeGateway(),
                        new CgroupsGateway(),
                        new PulseGateway(),
                        new WaylandGateway()),
                GatewayJars.in(config.gatewayDir()),
                new HostFacts(System.getenv(), config.gatewaySettings(), Files::exists));
        BusConnection bus = connect(config);
        StateDirectory state = StateDirectory.open(config.stateDir(), config.sharedMountsDir());
        Journals journals = new Journals(state.journals(), bootId(), journalFiles);
        Host host = Host.open(config, check, journals, busFilter(config, bus.uniqueName()));
        ProcessSignals signals = new ProcessSignals(bus::emit);
        ContainerObjects objects = new ContainerObjects(bus::emit);
        Containers containers = new Containers(
                host.containerHost(),
                new Announcer(signals, objects::changed, objects::usage),
                config.access().containersPerUser());
        followDevices(containers);
        Set<String> remaining = containers.recover(config.recovery());
        objects.show(containers);
        host.containerHost().rootfs().removeLeftovers(remaining);
        Agents agents = new ContainerAgents(containers, catalogue, gateways, Guard.access(config, containers, bus));
        register(bus, agents, new Doors(signals, objects, bound(bus, containers), new AgentHost(check)));
        bus.register(LogControl.PATH, new LogControl(logging).object());
        new Shutdown(bus, state, containers, host.busFilter(), supervision).onSignal(config.onStop());
        bus.start();
        signals.open();
        String status = "ready, " + catalogue.names().size() + " capabilities";
        supervision.ready(status, bus::answersItself);
        CompletableFuture.delayedExecutor(SETTLING, TimeUnit.SECONDS).execute(ClassArchive::giveBack);
        LOG.info("{}", status);
        return new Daemon();
    }

    /** What the front doors share. */
    private record Doors(ProcessSignals signals, ContainerObjects objects, BoundContainers bound, AgentHost host) {}

    private static void register(BusConnection bus, Agents agents, Doors shared) {
        AuditLog audit = new AuditLog();
        bus.register(LegacyDoor.PATH, new LegacyDoor(agents, shared.signals(), audit).object());
        bus.register(
                AgentDoor.PATH, new AgentDoor(agents, shared.objects(), shared.bound(), shared.host(), audit).object());
        bus.register(
                ContainerDoor.parent(), new ContainerDoor(agents, shared.objects(), shared.signals(), audit).objects());
    }

    private static BoundContainers bound(BusConnection bus, Containers containers) {
        ThreadPoolExecutor destroyers = new ThreadPoolExecutor(
                DESTROYERS, DESTROYERS, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "destroyer");
                    thread.setDaemon(true);
                    return thread;
                });
        destroyers.allowCoreThreadTimeOut(true);
        BoundContainers bound = new BoundContainers(containers, bus::hasOwner, destroyers);
        bus.onEndOfNames(bound::ended);
        return bound;
    }

    /** Without events of the kernel all works but one thing. */
    private static void followDevices(Containers containers) {
        try {
            KernelEvents.listen(containers::renewDevices);
        } catch (SoftwareContainerException e) {
            LOG.warn("devices that go and come back will not be followed: {}, ignoring", e.getMessage());
        }
    }

    private static HostCheck check(DaemonConfig config) {
        HostCheck check = new HostCheck(config);
        check.shortcomings()
                .forEach(
                        finding -> LOG.warn("containers are less confined, no {}: {}", finding.name(), finding.text()));
        return check;
    }

    private static void requireRoot() {
        try {
            if (!Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"))) {
                throw new CannotStart("The agent must be run as root");
            }
        } catch (IOException e) {
            throw new CannotStart("/proc is not mounted: " + e);
        }
    }

    private static BusConnection connect(DaemonConfig config) {
        Map<String, String> environment = System.getenv();
        List<BusAddress> addresses = config.busAddress()
                .map(BusAddress::parse)
                .orElseGet(() -> config.useSessionBus()
                        ? BusAddress.ofSessionBus(environment)
                        : BusAddress.ofSystemBus(environment));
        try {
            BusConnection bus =
                    BusConnection.connect(BusSocket.connect(addresses), BusLimits.STANDARD, Daemon::busLost);
            // the legacy name first: the one that an agent which runs already is known by
            for (String name : List.of(LegacyDoor.BUS_NAME, AgentDoor.BUS_NAME)) {
                if (bus.requestName(name) == NameRequest.TAKEN) {
                    throw new CannotStart(
                            "Unable to acquire the name " + name + " on the bus (is another agent running?)");
                }
            }
            return bus;
        } catch (SoftwareContainerException e) {
            throw new CannotStart("Unable to connect to the bus (is a bus running?): " + e.getMessage());
        }
    }

    private static FilterProcess busFilter(DaemonConfig config, String agentName) {
        Map<String, String> environment = System.getenv();
        Map<Bus, String> addresses = new EnumMap<>(Bus.class);
        addresses.put(Bus.SYSTEM, join(BusAddress.ofSystemBus(environment)));
        if (!environment.getOrDefault("DBUS_SESSION_BUS_ADDRESS", "").isEmpty()) {
            addresses.put(Bus.SESSION, join(BusAddress.ofSessionBus(environment)));
        }
        Map<Bus, String> agentNames = new EnumMap<>(Bus.class);
        for (Bus bus : Bus.values()) {
            // of a bus given by address it is not known which one it is
            if (config.busAddress().isPresent() || config.useSessionBus() == (bus == Bus.SESSION)) {
                agentNames.put(bus, agentName);
            }
        }
        FilterProgram program =
                new FilterProgram(FilterMain.class.getName(), config.dbusUid(), config.dbusContainerUids());
        return new FilterProcess(config.sharedMountsDir(), program, addresses, agentNames);
    }

    private static String join(List<BusAddress> addresses) {
        return addresses.stream().map(BusAddress::toString).collect(Collectors.joining(";"));
    }

    private static String bootId() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
        } catch (IOException e) {
            throw new CannotStart("/proc is not mounted: " + e);
        }
    }

    private static void busLost(String reason) {
        LOG.error("the bus is lost: {}", reason);
        Runtime.getRuntime().halt(BUS_LOST);
    }

    /** Returns when the agent was stopped by a signal. */
    void awaitEnd() {
        try {
            ended.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
