package com.pelagicore.softwarecontainer.cli;

import com.pelagicore.softwarecontainer.bus.Variant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;

/** What {@code create} and {@code run} ask of a new container. */
final class NewContainerOptions {

    /** Where changes go that an application makes in mounted directories. */
    private enum WriteBuffer {
        NONE,
        DISK,
        MEMORY;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }

        static final class Converter implements ITypeConverter<WriteBuffer> {
            @Override
            public WriteBuffer convert(String text) {
                return Choice.of(WriteBuffer.class, text);
            }
        }
    }

    /** How much a container is kept apart. */
    private enum Confinement {
        DEFAULT,
        LEGACY;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }

        static final class Converter implements ITypeConverter<Confinement> {
            @Override
            public Confinement convert(String text) {
                return Choice.of(Confinement.class, text);
            }
        }
    }

    @Option(
            names = {"-g", "--grant"},
            paramLabel = "CAPABILITY",
            split = ",",
            description = "grant this capability; can be given several times, or with commas")
    private List<String> capabilities = List.of();

    @Option(
            names = {"-m", "--mount"},
            paramLabel = "HOST:PATH[:rw]",
            converter = MountSpec.Converter.class,
            description =
                    "make a file or directory of the host appear in the container, for reading only unless :rw is there;"
                            + " can be given several times")
    private List<MountSpec> mounts = List.of();

    @Option(
            names = "--write-buffer",
            // labels of options with choices differ: picocli's completion names variables by them
            paramLabel = "BUFFER",
            converter = WriteBuffer.Converter.class,
            description =
                    "where changes in mounted directories go until the container is destroyed, which writes them back:"
                            + " @|bold none|@ (made at once, the default), @|bold disk|@ or @|bold memory|@")
    private WriteBuffer writeBuffer = WriteBuffer.NONE;

    @Option(
            names = "--buffer-size",
            paramLabel = "SIZE",
            converter = ByteSize.class,
            description = "of a write buffer in memory, as in 64M; default: 100M")
    private Optional<Long> bufferSize = Optional.empty();

    @Option(
            names = "--confinement",
            paramLabel = "KIND",
            converter = Confinement.Converter.class,
            description = "@|bold default|@, or @|bold legacy|@ for the privileges of earlier releases, if the agent's"
                    + " configuration allows that")
    private Confinement confinement = Confinement.DEFAULT;

    @Option(
            names = "--bus-user",
            paramLabel = "UID",
            converter = UserId.class,
            description = "user that clients in the container are on the host's D-Bus buses; default: that of the"
                    + " agent's configuration")
    private Optional<Long> busUser = Optional.empty();

    /** Creates, mounts and grants; a container that cannot be made as asked is destroyed again. */
    int create(AgentConnection agent, ToolHost host) {
        return create(agent, host, wireOptions());
    }

    /** The same for a container that does not outlive this tool, however that ends. */
    int createBound(AgentConnection agent, ToolHost host) {
        Map<String, Variant> options = wireOptions();
        options.put("BoundToCaller", new Variant("b", true));
        return create(agent, host, options);
    }

    private Map<String, Variant> wireOptions() {
        if (bufferSize.isPresent() && writeBuffer != WriteBuffer.MEMORY) {
            throw new ToolFailure(ExitStatus.USAGE, "--buffer-size is for --write-buffer memory only");
        }
        Map<String, Variant> options = new HashMap<>();
        options.put("WriteBuffer", new Variant("s", writeBuffer.toString()));
        options.put("Confinement", new Variant("s", confinement.toString()));
        busUser.ifPresent(uid -> options.put("BusUser", new Variant("u", uid)));
        bufferSize.ifPresent(size -> options.put("WriteBufferSize", new Variant("t", size)));
        return options;
    }

    private int create(AgentConnection agent, ToolHost host, Map<String, Variant> options) {
        return Progress.during(host, "creating a container", () -> createNow(agent, host, options));
    }

    private int createNow(AgentConnection agent, ToolHost host, Map<String, Variant> options) {
        int id = agent.create(options);
        try {
            furnish(agent, host, id);
            return id;
        } catch (RuntimeException e) {
            destroyAfter(e, agent, id);
            throw e;
        }
    }

    private static void destroyAfter(RuntimeException failure, AgentConnection agent, int id) {
        try {
            agent.call(id, AgentMethod.DESTROY);
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        }
    }

    private void furnish(AgentConnection agent, ToolHost host, int id) {
        if (!mounts.isEmpty()) {
            agent.call(
                    id,
                    AgentMethod.MOUNT,
                    mounts.stream().map(mount -> mount.toWire(host.directory())).toList());
        }
        if (!capabilities.isEmpty()) {
            agent.call(id, AgentMethod.GRANT, capabilities);
        }
    }
}
