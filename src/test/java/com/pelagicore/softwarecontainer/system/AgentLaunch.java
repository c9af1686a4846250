package com.pelagicore.softwarecontainer.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How an agent under test is started: its configuration, its environment, and what is around its command. */
final class AgentLaunch {

    /** Stands in the environment of the agent, and so of all that it starts; nothing of it may reach a container. */
    static final String MARK = "SOFTWARECONTAINER_TEST";

    private final Path directory;
    private final PrivateBus bus;
    private final PrivateBus sessionBus;
    private final Map<String, String> configuration = new TreeMap<>();
    private final Map<String, String> variables = new TreeMap<>();
    private final Map<String, String> busVariables = new TreeMap<>();
    private List<String> prefix = List.of();
    private String umask = "022";
    private boolean unifiedCgroups;

    AgentLaunch(Path directory, PrivateBus bus, PrivateBus sessionBus) {
        this.directory = directory;
        this.bus = bus;
        this.sessionBus = sessionBus;
    }

    Path configFile() {
        return directory.resolve("agent.conf");
    }

    void configure(String key, String value) {
        configuration.put(key, value);
    }

    void withoutConfiguration(String key) {
        configuration.remove(key);
    }

    void variable(String name, String value) {
        variables.put(name, value);
    }

    void withoutVariables() {
        variables.clear();
    }

    void runBy(List<String> command) {
        prefix = List.copyOf(command);
    }

    void withUmask(String mask, Runnable start) {
        umask = mask;
        try {
            start.run();
        } finally {
            umask = "022";
        }
    }

    void onUnifiedCgroups(Runnable start) {
        unifiedCgroups = !Files.exists(Path.of("/sys/fs/cgroup/cgroup.controllers"));
        try {
            start.run();
        } finally {
            unifiedCgroups = false;
        }
    }

    void onBusOfEnvironment(String variable, Runnable start) {
        busVariables.put(variable, bus.address());
        try {
            start.run();
        } finally {
            busVariables.clear();
        }
    }

    /** Starts it. */
    Process launch(Path output, String... arguments) {
        ProcessBuilder builder = new ProcessBuilder(command(List.of(arguments)))
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
        builder.environment().keySet().removeIf(name -> name.startsWith("DBUS_"));
        builder.environment().put(MARK, directory.toString());
        builder.environment().put("DBUS_SYSTEM_BUS_ADDRESS", bus.address());
        builder.environment().put("DBUS_SESSION_BUS_ADDRESS", sessionBus.address());
        builder.environment().putAll(variables);
        builder.environment().putAll(busVariables);
        try {
            if (!List.of(arguments).contains("-c")) {
                writeConfiguration();
            }
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> command(List<String> arguments) {
        List<String> command = new ArrayList<>(prefix);
        if (unifiedCgroups) {
            command.addAll(List.of("unshare", "--mount", "--propagation", "private", "/bin/sh", "-c"));
            command.addAll(List.of("mount -t cgroup2 none /sys/fs/cgroup && exec \"$@\"", "sh"));
        }
        command.addAll(List.of("/bin/sh", "-c", "umask $0 && exec \"$@\"", umask, "bin/softwarecontainer-agent"));
        if (busVariables.isEmpty() && !arguments.contains("-a")) {
            command.addAll(List.of("-a", bus.address()));
        }
        if (!arguments.contains("-c")) {
            command.addAll(List.of("-c", configFile().toString()));
        }
        command.addAll(arguments);
        return command;
    }

    private void writeConfiguration() throws IOException {
        StringBuilder text = new StringBuilder("[SoftwareContainer]\n");
        configuration.forEach(
                (key, value) -> text.append(key).append('=').append(value).append('\n'));
        Files.writeString(configFile(), text);
    }
}
