package com.pelagicore.softwarecontainer.agent.dbus;

import com.pelagicore.softwarecontainer.agent.Agent;
import com.pelagicore.softwarecontainer.agent.Agents;
import com.pelagicore.softwarecontainer.agent.Intent;
import com.pelagicore.softwarecontainer.agent.MountRequest;
import com.pelagicore.softwarecontainer.agent.Program;
import com.pelagicore.softwarecontainer.bus.Answer;
import com.pelagicore.softwarecontainer.bus.Arguments;
import com.pelagicore.softwarecontainer.bus.BusCall;
import com.pelagicore.softwarecontainer.bus.BusError;
import com.pelagicore.softwarecontainer.bus.BusObject;
import com.pelagicore.softwarecontainer.bus.Cause;
import com.pelagicore.softwarecontainer.bus.Introspection;
import com.pelagicore.softwarecontainer.bus.MethodHandler;
import com.pelagicore.softwarecontainer.bus.ObjectFamily;
import com.pelagicore.softwarecontainer.bus.PropertyHandler;
import com.pelagicore.softwarecontainer.bus.Reply;
import com.pelagicore.softwarecontainer.bus.Turn;
import com.pelagicore.softwarecontainer.bus.Variant;
import com.pelagicore.softwarecontainer.container.ContainerView;
import com.pelagicore.softwarecontainer.container.TerminalProcess;
import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.Quoted;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import com.pelagicore.softwarecontainer.process.Recipients;
import com.pelagicore.softwarecontainer.process.StandardStreams;
import com.pelagicore.softwarecontainer.process.TerminalSize;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The newer interface about one container, com.pelagicore.SoftwareContainer.Container1. Calls about one container
 * run in the order of their arrival, also beside those of the legacy interface, but for Signal and Stop.
 */
public final class ContainerDoor {

    static final String INTERFACE = "com.pelagicore.SoftwareContainer.Container1";

    private static final String RESOURCE = "/dbus-interfaces/" + INTERFACE + ".xml";
    private static final Turn ANY_TIME = new Turn.Parallel();
    /** The same key as the legacy door's. */
    private static final Turn AFTER_OTHERS_OF_THE_CONTAINER = new Turn.InLane(ContainerDoor::container);

    private final Doorman doorman;
    private final ContainerObjects containers;
    private final ProcessSignals signals;

    public ContainerDoor(Agents agents, ContainerObjects containers, ProcessSignals signals, AuditLog audit) {
        this.doorman = new Doorman(agents, audit);
        this.containers = containers;
        this.signals = signals;
    }

    /** Where {@link #objects} are to be registered. */
    public static String parent() {
        return ContainerObjects.PARENT;
    }

    /** One for each container. */
    public ObjectFamily objects() {
        List<PropertyHandler> properties = new ArrayList<>();
        ContainerProperties.ALL.forEach(property -> properties.add(new PropertyHandler(
                INTERFACE, property.name(), path -> property.value().apply(view(path)))));
        properties.add(new PropertyHandler(
                INTERFACE, "Usage", path -> containers.usage(view(path).id())));
        BusObject kind = new BusObject(
                Introspection.ofResource(RESOURCE),
                List.of(
                        inOrder("Execute", this::execute),
                        inOrder("ExecuteInTerminal", this::executeInTerminal),
                        method("Signal", ANY_TIME, ContainerDoor::use, ContainerDoor::signal),
                        method("Stop", ANY_TIME, ContainerDoor::use, ContainerDoor::stop),
                        method(
                                "Mount",
                                AFTER_OTHERS_OF_THE_CONTAINER,
                                ContainerDoor::intentToMount,
                                ContainerDoor::mount),
                        inOrder("Grant", ContainerDoor::grant),
                        inOrder("Suspend", ContainerDoor::suspend),
                        inOrder("Resume", ContainerDoor::resume),
                        inOrder("Destroy", ContainerDoor::destroy)),
                properties,
                doorman::look);
        return new ObjectFamily(kind, containers.names());
    }

    private Answer execute(Agent agent, BusCall call) {
        Options options = new Options(call.arguments().variants(1));
        Program program = program(call, options);
        StandardStreams.Given streams = new StandardStreams.Given(
                options.file("StandardInput"), options.file("StandardOutput"), options.file("StandardError"));
        options.requireNoOther();
        return startedBefore(call, () -> Reply.of(agent.execute(container(call), program, streams)));
    }

    private Answer executeInTerminal(Agent agent, BusCall call) {
        Options options = new Options(call.arguments().variants(1));
        Program program = program(call, options);
        TerminalSize size = new TerminalSize(
                options.uint16("Rows").orElse(TerminalSize.USUAL.rows()),
                options.uint16("Columns").orElse(TerminalSize.USUAL.columns()));
        options.requireNoOther();
        return startedBefore(call, () -> {
            TerminalProcess process = agent.executeInTerminal(container(call), program, size);
            MasterSide master = new MasterSide(process.terminal());
            return Reply.of(process.pid(), master).then(master::close);
        });
    }

    private static Program program(BusCall call, Options options) {
        return new Program(
                call.arguments().strings(0),
                options.strings("Environment"),
                options.string("WorkingDirectory").orElse(""));
    }

    /** The caller learns the pid before anybody learns that the process has ended. */
    private Reply startedBefore(BusCall call, Supplier<Reply> start) {
        int id = container(call);
        signals.hold(id);
        try {
            Reply reply = start.get();
            return reply.then(() -> {
                try {
                    reply.afterwards().run();
                } finally {
                    signals.release(id);
                }
            });
        } catch (RuntimeException | Error e) {
            signals.release(id);
            throw e;
        }
    }

    private static Answer signal(Agent agent, BusCall call) {
        Arguments arguments = call.arguments();
        Recipients recipients =
                switch (arguments.string(1)) {
                    case "process" -> Recipients.PROCESS;
                    case "group" -> Recipients.GROUP;
                    default ->
                        throw invalid(
                                "whom to signal is neither 'process' nor 'group': " + Quoted.text(arguments.string(1)));
                };
        agent.signal(container(call), arguments.unsigned(0), recipients, arguments.int32(2));
        return Reply.empty();
    }

    private static Answer stop(Agent agent, BusCall call) {
        Arguments arguments = call.arguments();
        Duration grace = Duration.of(arguments.unsigned(1), ChronoUnit.MICROS);
        String member = call.member();
        CompletableFuture<Void> end = agent.stop(container(call), arguments.unsigned(0), grace);
        return new Answer.Later(end.handle((nothing, failure) -> {
            if (failure != null) {
                throw Translation.translate(member, Cause.of(failure));
            }
            return Reply.empty();
        }));
    }

    private static Answer mount(Agent agent, BusCall call) {
        List<MountRequest> mounts = call.arguments().list(0).stream()
                .map(mount -> mount((List<?>) mount))
                .toList();
        agent.mount(container(call), mounts);
        return Reply.empty();
    }

    private static MountRequest mount(List<?> wire) {
        Options options = new Options(Arguments.variants((Map<?, ?>) wire.get(2)));
        boolean readOnly = options.bool("ReadOnly").orElse(true);
        options.requireNoOther();
        return new MountRequest((String) wire.get(0), (String) wire.get(1), readOnly);
    }

    private static Answer grant(Agent agent, BusCall call) {
        agent.grant(container(call), call.arguments().strings(0));
        return Reply.empty();
    }

    private static Answer suspend(Agent agent, BusCall call) {
        agent.suspend(container(call));
        return Reply.empty();
    }

    private static Answer resume(Agent agent, BusCall call) {
        agent.resume(container(call));
        return Reply.empty();
    }

    private static Answer destroy(Agent agent, BusCall call) {
        agent.destroy(container(call));
        return Reply.empty();
    }

    private ContainerView view(String path) {
        return containers.at(path).orElseThrow(() -> BusError.unknownObject(path));
    }

    private static Integer container(BusCall call) {
        return Integer.valueOf(call.path().substring(call.path().lastIndexOf('/') + 1));
    }

    private static Intent use(BusCall call) {
        return new Intent.Use(container(call));
    }

    /** What is wrong with the options is told when it is this call's turn. */
    private static Intent intentToMount(BusCall call) {
        List<Intent.HostPath> paths = call.arguments().list(0).stream()
                .map(mount -> hostPath((List<?>) mount))
                .toList();
        return new Intent.Mount(container(call), paths);
    }

    private static Intent.HostPath hostPath(List<?> wire) {
        Variant readOnly = Arguments.variants((Map<?, ?>) wire.get(2)).get("ReadOnly");
        return new Intent.HostPath((String) wire.get(0), readOnly != null && !Boolean.TRUE.equals(readOnly.value()));
    }

    private MethodHandler inOrder(String member, Doorman.Method method) {
        return method(member, AFTER_OTHERS_OF_THE_CONTAINER, ContainerDoor::use, method);
    }

    private MethodHandler method(String member, Turn turn, Function<BusCall, Intent> intent, Doorman.Method method) {
        return new MethodHandler(INTERFACE, member, turn, Translation.of(doorman.admission(intent, method)));
    }

    private static SoftwareContainerException invalid(String message) {
        return new SoftwareContainerException(ErrorKind.INVALID_ARGUMENT, message);
    }
}
