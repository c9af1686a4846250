package com.pelagicore.softwarecontainer.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.pelagicore.softwarecontainer.system.AgentClient.Execution;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The host's side of the dbus gateway: an agent with manifests for it, a service on the bus, and other clients. */
final class DbusHost implements AutoCloseable {

    static final String ECHO = "org.example.Echo";

    /** A {@code busctl} command on the system bus of a container; what is called follows. */
    static final String CALL = "busctl --address=$DBUS_SYSTEM_BUS_ADDRESS call ";

    private static final String MANIFEST =
            """
            {"version": "1", "capabilities": [
              {"name": "dbus.none", "gateways": [{"id": "dbus", "config": [{"dbus-gateway-config-system": []}]}]},
              {"name": "dbus.echo", "gateways": [{"id": "dbus", "config": [{"dbus-gateway-config-system": [
                {"direction": "outgoing", "interface": "org.example.Echo", "object-path": "/org/example/*",
                 "method": ["E?ho", "Length", "Zeros", "ReadDescriptor", "GiveDescriptor", "CallersUser"]}]}]}]},
              {"name": "dbus.secret", "gateways": [{"id": "dbus", "config": [{"dbus-gateway-config-system": [
                {"direction": "outgoing", "interface": "*", "object-path": "*", "method": "Secret"}]}]}]},
              {"name": "dbus.serve", "gateways": [{"id": "dbus", "config": [{"dbus-gateway-config-system": [
                {"direction": "incoming", "interface": "org.example.Echo", "object-path": "*",
                 "method": ["Echo", "ReadDescriptor"]}]}]}]},
              {"name": "dbus.hear", "gateways": [{"id": "dbus", "config": [{"dbus-gateway-config-system": [
                {"direction": "incoming", "interface": "org.example.Echo", "object-path": "/org/example/*",
                 "method": ["Said", "End"]}]}]}]},
              {"name": "dbus.all", "gateways": [{"id": "dbus", "config": [
                {"dbus-gateway-config-system": [
                  {"direction": "*", "interface": "*", "object-path": "*", "method": "*"}]},
                {"dbus-gateway-config-session": [
                  {"direction": "*", "interface": "*", "object-path": "*", "method": "*"}]}]}]},
              {"name": "dbus.agent", "gateways": [{"id": "dbus", "config": [{"dbus-gateway-config-system": [
                {"direction": "*", "interface": "com.pelagicore.SoftwareContainerAgent", "object-path": "*",
                 "method": "List"}]}]}]}
            ]}
            """;

    private static final Path SCRIPTS = Path.of("src/test/python").toAbsolutePath();
    private static final String SCRIPTS_INSIDE = "/opt/scripts";
    private static final String PYTHON = "/usr/bin/python3 " + SCRIPTS_INSIDE + "/";

    private final LiveAgent agent;
    private final Program service;
    private final BusClient client;

    /** A Python program of {@value #SCRIPTS_INSIDE} that runs on the host. */
    record Program(Process process, BufferedReader output) implements AutoCloseable {

        /** The next line of its output. */
        String line() {
            try {
                return String.valueOf(output.readLine());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() {
            process.destroy();
        }
    }

    /** Starts the agent anew, with the manifests and what was configured. */
    DbusHost(LiveAgent agent) {
        this.agent = agent;
        try {
            Files.writeString(agent.manifests().resolve("dbus.json"), MANIFEST);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        // contained clients are 'nobody' on the host's buses, whom the agent else refuses
        agent.configure("access-group", "nogroup");
        agent.stop();
        agent.start();
        service = service(agent.bus(), ECHO);
        client = new BusClient(agent.bus().socket(), signal -> {});
        startTheFilter();
    }

    /** So that it is part of the host as it was before a test. */
    void startTheFilter() {
        try (AgentClient first = agent.connect()) {
            first.destroy(granted(first, "dbus.none"));
        }
    }

    int granted(AgentClient launcher, String... capabilities) {
        int id = launcher.create();
        launcher.setCapabilities(id, capabilities);
        launcher.bindMount(id, SCRIPTS, SCRIPTS_INSIDE, true);
        return id;
    }

    /** Runs a function of raw_client.py in the container; its output. */
    String raw(AgentClient launcher, int id, String arguments) {
        return launcher.shell(id, PYTHON + "raw_client.py " + arguments);
    }

    /** The same, without waiting for its end. */
    Execution start(AgentClient launcher, int id, String arguments) {
        return startScript(launcher, id, "raw_client.py " + arguments);
    }

    Execution startScript(AgentClient launcher, int id, String command) {
        return launcher.execute(id, PYTHON + command);
    }

    /** Runs a function of raw_client.py on the host's bus. */
    Program run(String... arguments) {
        return program(agent.bus(), "raw_client.py", arguments);
    }

    /** A service on a bus, ready. */
    static Program service(PrivateBus bus, String name) {
        Program service = program(bus, "service.py", name);
        assertThat(service.line()).isEqualTo("ready");
        return service;
    }

    /** A script of {@code src/test/python}, running. */
    static Program program(PrivateBus bus, String script, String... arguments) {
        List<String> command = new ArrayList<>(
                List.of("/usr/bin/python3", SCRIPTS.resolve(script).toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("DBUS_SYSTEM_BUS_ADDRESS", bus.address());
        try {
            Process process = builder.start();
            return new Program(process, process.inputReader(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A unique name. */
    String ownerOf(String name) {
        return (String) ask("GetNameOwner", "s", name).get(0);
    }

    void disown(String name) {
        assertThat(ask("ReleaseName", "s", name).get(0)).isEqualTo(1L);
    }

    /** Takes the name. */
    void own(String name) {
        assertThat(ask("RequestName", "su", name, 0L).get(0)).isEqualTo(1L);
    }

    private List<Object> ask(String member, String signature, Object... arguments) {
        return client.call(
                "org.freedesktop.DBus",
                new BusMessage.Target("/org/freedesktop/DBus", "org.freedesktop.DBus", member),
                signature,
                arguments);
    }

    HostProcess filter() {
        Deadlines.await(() -> filters().size() == 1);
        return filters().get(0);
    }

    private List<HostProcess> filters() {
        String control = agent.directory().resolve("mounts/bus-filter").toString();
        return HostProcess.all()
                .filter(process -> process.read("cmdline").contains("FilterMain\0" + control))
                .filter(HostProcess::isAlive)
                .toList();
    }

    @Override
    public void close() {
        client.close();
        service.close();
    }
}
