package com.pelagicore.softwarecontainer.agent.dbus;

import com.pelagicore.softwarecontainer.agent.Agent;
import com.pelagicore.softwarecontainer.agent.Agents;
import com.pelagicore.softwarecontainer.agent.Intent;
import com.pelagicore.softwarecontainer.bus.Admission;
import com.pelagicore.softwarecontainer.bus.Answer;
import com.pelagicore.softwarecontainer.bus.Arguments;
import com.pelagicore.softwarecontainer.bus.BusCall;
import com.pelagicore.softwarecontainer.bus.BusError;
import com.pelagicore.softwarecontainer.bus.BusObject;
import com.pelagicore.softwarecontainer.bus.CallHandler;
import com.pelagicore.softwarecontainer.bus.Introspection;
import com.pelagicore.softwarecontainer.bus.MethodHandler;
import com.pelagicore.softwarecontainer.bus.Reply;
import com.pelagicore.softwarecontainer.bus.Turn;
import com.pelagicore.softwarecontainer.container.ContainerId;
import com.pelagicore.softwarecontainer.error.Quoted;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import java.nio.file.InvalidPathException;
import java.util.List;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The interface of the original SoftwareContainer, com.pelagicore.SoftwareContainerAgent: every error is
 * {@code org.freedesktop.DBus.Error.Failed}, but AccessDenied for those who may not. Calls about one container
 * run in the order of their arrival.
 */
public final class LegacyDoor {

    public static final String BUS_NAME = "com.pelagicore.SoftwareContainerAgent";
    public static final String PATH = "/com/pelagicore/SoftwareContainerAgent";
    static final String INTERFACE = "com.pelagicore.SoftwareContainerAgent";

    private static final Logger LOG = LoggerFactory.getLogger(LegacyDoor.class);
    private static final String RESOURCE = "/dbus-interfaces/com.pelagicore.SoftwareContainerAgent.xml";
    private static final Turn AT_ONCE = new Turn.Inline();
    private static final Turn ANY_TIME = new Turn.Parallel();
    private static final Turn AFTER_OTHERS_OF_THE_CONTAINER = new Turn.InLane(call -> container(call.arguments()));

    private final Doorman doorman;
    private final ProcessSignals signals;

    public LegacyDoor(Agents agents, ProcessSignals signals, AuditLog audit) {
        this.doorman = new Doorman(agents, audit);
        this.signals = signals;
    }

    /** To be registered at {@link #PATH}. */
    public BusObject object() {
        return new BusObject(
                Introspection.ofResource(RESOURCE),
                List.of(
                        method("List", AT_ONCE, call -> new Intent.Look(), LegacyDoor::list),
                        method("ListCapabilities", AT_ONCE, call -> new Intent.Look(), LegacyDoor::listCapabilities),
                        method("Create", ANY_TIME, call -> new Intent.Create(), LegacyDoor::create),
                        aboutContainer("Execute", LegacyDoor::use, this::execute),
                        aboutContainer("Suspend", LegacyDoor::use, LegacyDoor::suspend),
                        aboutContainer("Resume", LegacyDoor::use, LegacyDoor::resume),
                        aboutContainer("Destroy", LegacyDoor::use, LegacyDoor::destroy),
                        aboutContainer("BindMount", LegacyDoor::mount, LegacyDoor::bindMount),
                        aboutContainer("SetCapabilities", LegacyDoor::use, LegacyDoor::setCapabilities)));
    }

    private static Intent use(BusCall call) {
        return new Intent.Use(container(call.arguments()));
    }

    private static Intent mount(BusCall call) {
        Arguments arguments = call.arguments();
        Intent.HostPath hostPath = new Intent.HostPath(arguments.string(1), !arguments.bool(3));
        return new Intent.Mount(container(arguments), List.of(hostPath));
    }

    private static Reply list(Agent agent, BusCall call) {
        return Reply.of(agent.list().stream().map(ContainerId::value).toList());
    }

    private static Reply listCapabilities(Agent agent, BusCall call) {
        return Reply.of(agent.capabilities());
    }

    private static Reply create(Agent agent, BusCall call) {
        int id = agent.create(call.arguments().string(0)).value();
        Doorman.about(id);
        return Reply.of(id);
    }

    private Reply execute(Agent agent, BusCall call) {
        Arguments arguments = call.arguments();
        int id = container(arguments);
        signals.hold(id);
        try {
            long pid = agent.execute(
                    id, arguments.string(1), arguments.string(2), arguments.string(3), arguments.stringMap(4));
            return Reply.of(pid).then(() -> signals.release(id));
        } catch (RuntimeException | Error e) {
            signals.release(id);
            throw e;
        }
    }

    private static Reply suspend(Agent agent, BusCall call) {
        agent.suspend(container(call.arguments()));
        return Reply.empty();
    }

    private static Reply resume(Agent agent, BusCall call) {
        agent.resume(container(call.arguments()));
        return Reply.empty();
    }

    private static Reply destroy(Agent agent, BusCall call) {
        agent.destroy(container(call.arguments()));
        return Reply.empty();
    }

    private static Reply bindMount(Agent agent, BusCall call) {
        Arguments arguments = call.arguments();
        agent.bindMount(container(arguments), arguments.string(1), arguments.string(2), arguments.bool(3));
        return Reply.empty();
    }

    private static Reply setCapabilities(Agent agent, BusCall call) {
        List<String> names = call.arguments().strings(1);
        agent.setCapabilities(container(call.arguments()), names);
        return names.isEmpty() ? Doorman.NOTHING_DONE : Reply.empty();
    }

    private MethodHandler method(String member, Turn turn, Function<BusCall, Intent> intent, Doorman.Method method) {
        Admission admission = doorman.admission(intent, method);
        return new MethodHandler(INTERFACE, member, turn, call -> admission
                .admit(call)
                .thenApply(admitted -> now -> translateErrors(now, admitted)));
    }

    private MethodHandler aboutContainer(String member, Function<BusCall, Intent> intent, Doorman.Method method) {
        return method(member, AFTER_OTHERS_OF_THE_CONTAINER, intent, method);
    }

    private static int container(Arguments arguments) {
        return arguments.int32(0);
    }

    private static Answer translateErrors(BusCall call, CallHandler handler) {
        try {
            return handler.handle(call);
        } catch (SoftwareContainerException e) {
            LOG.debug("{} refused", call.member(), e);
            throw BusError.failed(String.valueOf(e.getMessage()));
        } catch (InvalidPathException e) {
            // The file name encoding of this JVM, taken from the locale, cannot express it.
            LOG.debug("{} refused", call.member(), e);
            throw BusError.failed(Quoted.text(e.getInput()) + " is not a path: " + e.getReason());
        } catch (BusError e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.error("{} met a bug", call.member(), e);
            throw BusError.internal();
        }
    }
}
