package com.pelagicore.softwarecontainer.agent.dbus;

import com.pelagicore.softwarecontainer.agent.Agent;
import com.pelagicore.softwarecontainer.agent.Agents;
import com.pelagicore.softwarecontainer.agent.HostReport;
import com.pelagicore.softwarecontainer.agent.Intent;
import com.pelagicore.softwarecontainer.bus.BusCall;
import com.pelagicore.softwarecontainer.bus.BusObject;
import com.pelagicore.softwarecontainer.bus.Introspection;
import com.pelagicore.softwarecontainer.bus.MethodHandler;
import com.pelagicore.softwarecontainer.bus.PropertyHandler;
import com.pelagicore.softwarecontainer.bus.Reply;
import com.pelagicore.softwarecontainer.bus.Turn;
import com.pelagicore.softwarecontainer.config.ContainerOptions;
import com.pelagicore.softwarecontainer.container.Container;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The newer interface about all containers, com.pelagicore.SoftwareContainer.Agent1, and their ObjectManager. */
public final class AgentDoor {

    public static final String BUS_NAME = "com.pelagicore.SoftwareContainer";
    public static final String PATH = "/com/pelagicore/SoftwareContainer";
    static final String INTERFACE = "com.pelagicore.SoftwareContainer.Agent1";

    private static final String RESOURCE = "/dbus-interfaces/" + INTERFACE + ".xml";
    private static final String OBJECT_MANAGER = "org.freedesktop.DBus.ObjectManager";
    private static final Turn AT_ONCE = new Turn.Inline();
    private static final Turn ANY_TIME = new Turn.Parallel();

    private final Doorman doorman;
    private final ContainerObjects containers;
    private final BoundContainers bound;
    private final HostReport host;

    public AgentDoor(
            Agents agents, ContainerObjects containers, BoundContainers bound, HostReport host, AuditLog audit) {
        this.doorman = new Doorman(agents, audit);
        this.containers = containers;
        this.bound = bound;
        this.host = host;
    }

    /** To be registered at {@link #PATH}. */
    public BusObject object() {
        Function<BusCall, Intent> look = call -> new Intent.Look();
        return new BusObject(
                Introspection.ofResource(RESOURCE),
                List.of(
                        method(INTERFACE, "Create", ANY_TIME, call -> new Intent.Create(), this::create),
                        method(INTERFACE, "ListCapabilities", AT_ONCE, look, AgentDoor::listCapabilities),
                        method(INTERFACE, "Check", ANY_TIME, look, this::check),
                        method(OBJECT_MANAGER, "GetManagedObjects", ANY_TIME, look, this::managedObjects)),
                List.of(
                        new PropertyHandler(INTERFACE, "Version", path -> host.version()),
                        new PropertyHandler(INTERFACE, "Host", path -> host.facts())),
                doorman::look);
    }

    private Reply create(Agent agent, BusCall call) {
        ContainerOptions options = CreateOptions.of(call.arguments().variants(0));
        Container container = agent.create(options);
        Doorman.about(container.id().value());
        if (options.bound()) {
            bound.bind(container, call.sender());
        }
        return Reply.of(ContainerObjects.path(container.id()));
    }

    private static Reply listCapabilities(Agent agent, BusCall call) {
        return Reply.of(agent.capabilities());
    }

    private Reply check(Agent agent, BusCall call) {
        agent.requireLook();
        return Reply.of(host.findings().stream()
                .map(finding -> List.of(finding.name(), finding.verdict(), finding.text()))
                .toList());
    }

    private Reply managedObjects(Agent agent, BusCall call) {
        agent.requireLook();
        Map<String, Object> objects = new LinkedHashMap<>();
        containers
                .all()
                .forEach(view -> objects.put(
                        ContainerObjects.path(view.id()),
                        Map.of(ContainerDoor.INTERFACE, containers.properties(view))));
        return Reply.of(objects);
    }

    private MethodHandler method(
            String interfaceName, String member, Turn turn, Function<BusCall, Intent> intent, Doorman.Method method) {
        return new MethodHandler(interfaceName, member, turn, Translation.of(doorman.admission(intent, method)));
    }
}
