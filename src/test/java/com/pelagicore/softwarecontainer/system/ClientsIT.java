package com.pelagicore.softwarecontainer.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The D-Bus clients that people use, each doing the main job. */
@SystemTest
final class ClientsIT {

    private static final String MAIN_JOB_IN_PYTHON =
            """
            import sys
            import dbus, dbus.mainloop.glib
            from gi.repository import GLib

            dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)
            NAME = 'com.pelagicore.SoftwareContainerAgent'
            bus = dbus.SystemBus()
            agent = dbus.Interface(bus.get_object(NAME, '/com/pelagicore/SoftwareContainerAgent'), NAME)
            loop = GLib.MainLoop()
            ends = []

            def ended(container, pid, running, status):
                ends.append((int(container), int(pid), bool(running), int(status)))
                loop.quit()

            bus.add_signal_receiver(ended, 'ProcessStateChanged', NAME)
            container = agent.Create('[{"writeBufferEnabled": false}]')
            agent.SetCapabilities(container, ['test.greeting'])
            agent.BindMount(container, '/usr/share', '/opt/share', True)
            pid = agent.Execute(container, 'sh -c "echo $GREETING $NAME"', '/', sys.argv[1], {'NAME': 'python'})
            GLib.timeout_add_seconds(20, loop.quit)
            loop.run()
            agent.Suspend(container)
            agent.Resume(container)
            listed = container in agent.List()
            try:
                agent.Suspend(4711)
            except dbus.DBusException as e:
                print(e.get_dbus_name())
            agent.Destroy(container)
            print(listed, ends == [(container, pid, False, 0)], list(agent.List()))
            """;

    @TempDir
    private Path scratch;

    @Test
    void servesBusctl(LiveAgent agent) {
        Client busctl = new Client(
                agent, List.of("busctl", "--system", "call", AgentClient.NAME, AgentClient.PATH, AgentClient.NAME));
        Path output = scratch.resolve("output");

        String id = busctl.run("Create", "s", AgentClient.NO_BUFFER).replace("i ", "");
        assertThat(busctl.run("SetCapabilities", "ias", id, "1", TestManifests.GREETING))
                .isEmpty();
        assertThat(busctl.run("BindMount", "issb", id, "/usr/share", "/opt/share", "true"))
                .isEmpty();
        assertThat(busctl.run(
                        "Execute",
                        "isssa{ss}",
                        id,
                        "sh -c 'echo $GREETING $NAME'",
                        "/",
                        output.toString(),
                        "1",
                        "NAME",
                        "busctl"))
                .matches("i \\d+");
        awaitContent(output, "hello busctl");
        busctl.run("Suspend", "i", id);
        busctl.run("Resume", "i", id);
        assertThat(busctl.run("List")).isEqualTo("ai 1 " + id);
        busctl.run("Destroy", "i", id);

        assertThat(busctl.run("List")).isEqualTo("ai 0");
        assertThat(new Client(agent, List.of("busctl", "--system", "introspect", AgentClient.NAME, AgentClient.PATH))
                        .run())
                .contains(".BindMount", "issb", ".ProcessStateChanged", "iubu");
    }

    @Test
    void servesDbusSend(LiveAgent agent) {
        Client send = new Client(
                agent,
                List.of(
                        "dbus-send",
                        "--system",
                        "--print-reply=literal",
                        "--dest=" + AgentClient.NAME,
                        AgentClient.PATH));
        Path output = scratch.resolve("output");

        String id = send.run(AgentClient.NAME + ".Create", "string:" + AgentClient.NO_BUFFER)
                .replace("int32 ", "");
        send.run(AgentClient.NAME + ".SetCapabilities", "int32:" + id, "array:string:" + TestManifests.GREETING);
        send.run(
                AgentClient.NAME + ".BindMount",
                "int32:" + id,
                "string:/usr/share",
                "string:/opt/share",
                "boolean:true");
        send.run(
                AgentClient.NAME + ".Execute",
                "int32:" + id,
                "string:sh -c 'echo $GREETING $NAME'",
                "string:/",
                "string:" + output,
                "dict:string:string:NAME,dbus-send");
        awaitContent(output, "hello dbus-send");
        send.run(AgentClient.NAME + ".Suspend", "int32:" + id);
        send.run(AgentClient.NAME + ".Resume", "int32:" + id);
        send.run(AgentClient.NAME + ".Destroy", "int32:" + id);

        assertThat(send.run(AgentClient.NAME + ".List")).doesNotContain("int32");
    }

    @Test
    void servesGdbus(LiveAgent agent) {
        Path output = scratch.resolve("output");

        String id = gdbus(agent, "Create", AgentClient.NO_BUFFER).replaceAll("\\D+", "");
        gdbus(agent, "SetCapabilities", id, "['" + TestManifests.GREETING + "']");
        gdbus(agent, "BindMount", id, "/usr/share", "/opt/share", "true");
        gdbus(agent, "Execute", id, "sh -c 'echo $GREETING $NAME'", "/", output.toString(), "{'NAME': 'gdbus'}");
        awaitContent(output, "hello gdbus");
        gdbus(agent, "Suspend", id);
        gdbus(agent, "Resume", id);
        assertThat(gdbus(agent, "List")).isEqualTo("([" + id + "],)");
        gdbus(agent, "Destroy", id);

        assertThat(gdbus(agent, "List")).isEqualTo("(@ai [],)");
    }

    @Test
    void servesPython(LiveAgent agent) {
        Path output = scratch.resolve("output");

        String printed =
                new Client(agent, List.of("/usr/bin/python3", "-c", MAIN_JOB_IN_PYTHON)).run(output.toString());

        assertThat(printed).isEqualTo("org.freedesktop.DBus.Error.Failed\nTrue True []");
        assertThat(output).hasContent("hello python");
    }

    private static String gdbus(LiveAgent agent, String member, String... arguments) {
        return new Client(
                        agent,
                        List.of(
                                "gdbus",
                                "call",
                                "--system",
                                "--dest=" + AgentClient.NAME,
                                "--object-path=" + AgentClient.PATH,
                                "--method=" + AgentClient.NAME + "." + member))
                .run(arguments);
    }

    private static void awaitContent(Path file, String content) {
        Deadlines.await(() -> file.toFile().length() == content.length() + 1);
        assertThat(file).hasContent(content);
    }

    /** A program with its first arguments. */
    private record Client(LiveAgent agent, List<String> start) {

        /** What it prints; it has to succeed. */
        String run(String... arguments) {
            List<String> command = new ArrayList<>(start);
            command.addAll(List.of(arguments));
            return Programs.run(
                            Map.of("DBUS_SYSTEM_BUS_ADDRESS", agent.bus().address()), command.toArray(String[]::new))
                    .trim();
        }
    }
}
