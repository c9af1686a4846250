package com.pelagicore.softwarecontainer.agent.dbus;

import com.pelagicore.softwarecontainer.agent.Agent;
import com.pelagicore.softwarecontainer.agent.Agents;
import com.pelagicore.softwarecontainer.agent.Caller;
import com.pelagicore.softwarecontainer.bus.Answer;
import com.pelagicore.softwarecontainer.bus.Arguments;
import com.pelagicore.softwarecontainer.bus.BusCall;
import com.pelagicore.softwarecontainer.bus.BusError;
import com.pelagicore.softwarecontainer.bus.BusObject;
import com.pelagicore.softwarecontainer.bus.CallHandler;
import com.pelagicore.softwarecontainer.bus.Credentials;
import com.pelagicore.softwarecontainer.bus.Introspection;
import com.pelagicore.softwarecontainer.bus.MethodHandler;
import com.pelagicore.softwarecontainer.bus.Reply;
import com.pelagicore.softwarecontainer.bus.Turn;
import com.pelagicore.softwarecontainer.container.ContainerId;
import com.pelagicore.softwarecontainer.error.Quoted;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import java.nio.file.InvalidPathException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * The interface of the original SoftwareContainer, com.pelagicore.SoftwareContainerAgent: every error is
 * {@code org.freedesktop.DBus.Error.Failed}. Calls about one container run in the order of their arrival.
 */
public final class LegacyDoor {

    public static final String BUS_NAME = "com.pelagicore.SoftwareContainerAgent";
    public static final String PATH = "/com/pelagicore/SoftwareContainerAgent";
    static final String INTERFACE = "com.pelagicore.SoftwareContainerAgent";

    private static final Logger LOG = LoggerFactory.getLogger(LegacyDoor.class);
    private static final String RESOURCE = "/dbus-interfaces/com.pelagicore.SoftwareContainerAgent.xml";
    private static final String CONTAINER = "container";
    private static final Turn AT_ONCE = new Turn.Inline();
    private static final Turn ANY_TIME = new Turn.Parallel();
    private static final Turn AFTER_OTHERS_OF_THE_CONTAINER = new Turn.InLane(call -> container(call.arguments()));

    private final Agents agents;
    private final LegacySignals signals;

    public LegacyDoor(Agents agents, LegacySignals signals) {
        this.agents = agents;
        this.signals = signals;
    }

    /** To be registered at {@link #PATH}. */
    public BusObject object() {
        return new BusObject(
                Introspection.ofResource(RESOURCE),
                List.of(
                        method("List", AT_ONCE, this::list),
                        method("ListCapabilities", AT_ONCE, this::listCapabilities),
                        method("Create", ANY_TIME, this::create),
                        aboutContainer("Execute", this::execute),
                        aboutContainer("Suspend", this::suspend),
                        aboutContainer("Resume", this::resume),
                        aboutContainer("Destroy", this::destroy),
                        aboutContainer("BindMount", this::bindMount),
                        aboutContainer("SetCapabilities", this::setCapabilities)));
    }

    private Reply list(BusCall call) {
        return Reply.of(agent(call).list().stream().map(ContainerId::value).toList());
    }

    private Reply listCapabilities(BusCall call) {
        return Reply.of(agent(call).capabilities());
    }

    private Reply create(BusCall call) {
        return Reply.of(agent(call).create(call.arguments().string(0)).value());
    }

    private Reply execute(BusCall call) {
        Arguments arguments = call.arguments();
        int id = container(arguments);
        signals.hold(id);
        try {
            long pid = agent(call)
                    .execute(id, arguments.string(1), arguments.string(2), arguments.string(3), arguments.stringMap(4));
            return Reply.of(pid).then(() -> signals.release(id));
        } catch (RuntimeException | Error e) {
            signals.release(id);
            throw e;
        }
    }

    private Reply suspend(BusCall call) {
        agent(call).suspend(container(call.arguments()));
        return Reply.empty();
    }

    private Reply resume(BusCall call) {
        agent(call).resume(container(call.arguments()));
        return Reply.empty();
    }

    private Reply destroy(BusCall call) {
        agent(call).destroy(container(call.arguments()));
        return Reply.empty();
    }

    private Reply bindMount(BusCall call) {
        Arguments arguments = call.arguments();
        agent(call).bindMount(container(arguments), arguments.string(1), arguments.string(2), arguments.bool(3));
        return Reply.empty();
    }

    private Reply setCapabilities(BusCall call) {
        agent(call)
                .setCapabilities(container(call.arguments()), call.arguments().strings(1));
        return Reply.empty();
    }

    private Agent agent(BusCall call) {
        Credentials credentials = call.credentials();
        return agents.of(new Caller(call.sender(), credentials.uid(), credentials.groups()));
    }

    private static MethodHandler method(String member, Turn turn, CallHandler handler) {
        return MethodHandler.ofAll(INTERFACE, member, turn, call -> translateErrors(call, handler));
    }

    private static MethodHandler aboutContainer(String member, CallHandler handler) {
        return method(member, AFTER_OTHERS_OF_THE_CONTAINER, call -> {
            MDC.put(CONTAINER, String.valueOf(container(call.arguments())));
            return handler.handle(call);
        });
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
        } finally {
            MDC.remove(CONTAINER);
        }
    }
}
