package com.pelagicore.softwarecontainer.agent.dbus;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.pelagicore.softwarecontainer.bus.BusAddress;
import com.pelagicore.softwarecontainer.bus.BusConnection;
import com.pelagicore.softwarecontainer.bus.BusLimits;
import com.pelagicore.softwarecontainer.bus.Client;
import com.pelagicore.softwarecontainer.bus.NameRequest;
import com.pelagicore.softwarecontainer.bus.PrivateBus;
import com.pelagicore.softwarecontainer.container.ContainerId;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import com.pelagicore.softwarecontainer.linux.BusSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The door as clients that exist see it, over a real bus. */
class LegacyDoorIT {

    private static final String NAME = LegacyDoor.BUS_NAME;
    private static final String PATH = LegacyDoor.PATH;

    private final BlockingQueue<String> losses = new LinkedBlockingQueue<>();
    private PrivateBus bus;
    private BusConnection connection;
    private ProcessSignals signals;

    private final FakeAgent agent = new FakeAgent() {
        @Override
        public long execute(int id, String command, String directory, String output, Map<String, String> environment) {
            long pid = super.execute(id, command, directory, output, environment);
            signals.processEnded(new ContainerId(id), pid, 10752, () -> {});
            return pid;
        }
    };

    @BeforeEach
    void serve(@TempDir Path directory) {
        bus = PrivateBus.onPath(directory);
        connection = connect(losses::add);
        signals = new ProcessSignals(connection::emit);
        signals.open();
        assertThat(connection.requestName(NAME)).isEqualTo(NameRequest.OWNED);
        connection.register(PATH, new LegacyDoor(new FakeAgents(agent), signals, new AuditLog()).object());
        connection.start();
    }

    @AfterEach
    void stop() {
        connection.close();
        bus.close();
    }

    @Test
    void busctlCallsEveryMethod() {
        assertThat(busctl("List")).isEqualTo("ai 2 3 7\n");
        assertThat(busctl("ListCapabilities")).isEqualTo("as 2 \"com.example.A\" \"com.example.\\303\\204 b\"\n");
        assertThat(busctl("Create", "s", "[]")).isEqualTo("i 7\n");
        assertThat(busctl("Execute", "isssa{ss}", "7", "ls -l", "/", "", "2", "A", "1", "B", ""))
                .isEqualTo("i 4711\n");
        assertThat(busctl("Suspend", "i", "7")).isEmpty();
        assertThat(busctl("Resume", "i", "7")).isEmpty();
        assertThat(busctl("BindMount", "issb", "7", "/a", "/b", "true")).isEmpty();
        assertThat(busctl("SetCapabilities", "ias", "7", "0")).isEmpty();
        assertThat(busctl("Destroy", "i", "7")).isEmpty();
        assertThat(agent.calls)
                .containsExactly(
                        "create 2",
                        "execute 7|ls -l|/||{A=1, B=}",
                        "suspend 7",
                        "resume 7",
                        "bindMount 7|/a|/b|true",
                        "setCapabilities 7[]",
                        "destroy 7");
    }

    @Test
    void busctlSeesTreeAndInterfaces() {
        assertThat(run("busctl", "--address=" + bus.address(), "--list", "tree", NAME)
                        .output())
                .contains("/com/pelagicore\n", PATH + "\n");
        assertThat(run("busctl", "--address=" + bus.address(), "introspect", NAME, PATH)
                        .output())
                .containsPattern("\\.Execute +method +isssa\\{ss\\} +i ")
                .containsPattern("\\.ProcessStateChanged +signal +iubu ");
    }

    @Test
    void gdbusCallsAndIntrospects() {
        assertThat(gdbus("call", PATH, "--method", NAME + ".SetCapabilities", "7", "['a', 'b']")
                        .output())
                .isEqualTo("()\n");
        assertThat(gdbus("call", PATH, "--method", NAME + ".Nope").error())
                .contains("org.freedesktop.DBus.Error.UnknownMethod", "No such method “Nope”");
        assertThat(gdbus("introspect", PATH).output()).contains("in  a{ss} env,", "out i pid");
        assertThat(gdbus("introspect", "/", "--recurse").output()).contains("node " + PATH);
    }

    @Test
    void dbusSendIsToldWhatIsWrong() {
        assertThat(dbusSend(PATH, NAME + ".Create", "int32:5").error())
                .contains("InvalidArgs: Type of message, “(i)”, does not match expected type “(s)”");
        assertThat(dbusSend(PATH, "a.b.List").error()).contains("Error.UnknownInterface: No such interface “a.b”");
        assertThat(dbusSend("/nope", NAME + ".List").error()).contains("Error.UnknownObject: ");
        assertThat(dbusSend(PATH, NAME + ".Suspend", "int32:9").error())
                .contains("org.freedesktop.DBus.Error.Failed: Invalid Container ID: 9.");
    }

    @Test
    void isIntrospectedByteForByte() throws Exception {
        String xml = python(
                """
                sys.stdout.write(str(agent.Introspect(dbus_interface='org.freedesktop.DBus.Introspectable')))
                """);

        assertThat(xml).isEqualTo(Files.readString(Path.of("dbus-interfaces", NAME + ".xml")));
    }

    @Test
    void pythonCallsByIntrospectionAndHearsOfTheEndAfterTheReply() {
        String output = python(
                """
                loop = GLib.MainLoop()
                def ended(*values):
                    print(*map(repr, map(int, values)))
                    loop.quit()
                agent.connect_to_signal('ProcessStateChanged', ended)
                agent.Execute(7, 'true', '', '', {'A': '1'}, reply_handler=print, error_handler=print)
                GLib.timeout_add_seconds(20, loop.quit)
                loop.run()
                """);

        assertThat(output).isEqualTo("4711\n7 4711 0 10752\n");
    }

    @Test
    void pythonSendsAndReceivesAllCharacters() {
        assertThat(
                        python(
                                """
                agent.BindMount(7, '/\\u00e4', '/\\U0001f600', True)
                print(ascii(str(agent.ListCapabilities()[1])))
                """))
                .isEqualTo("'com.example.\\xc4 b'\n");
        assertThat(agent.calls).containsExactly("bindMount 7|/ä|/\ud83d\ude00|true");
    }

    @Test
    void aTooLargeMessageIsRefusedWhileOthersGoOn() {
        String output = python(
                """
                other = dbus.bus.BusConnection(address).get_object(NAME, PATH)
                try:
                    agent.Create('x' * 2097152)
                except dbus.DBusException as e:
                    print(e.get_dbus_name())
                print(len(other.List()), agent.Create('x' * 1000000))
                """);

        assertThat(output).isEqualTo("org.freedesktop.DBus.Error.LimitsExceeded\n2 7\n");
        assertThat(agent.calls).containsExactly("create 1000000");
    }

    @Test
    void answersPingAndMachineId() throws Exception {
        String peer = "org.freedesktop.DBus.Peer";

        assertThat(dbusSend("/any/path", peer + ".Ping").status()).isZero();
        assertThat(dbusSend(PATH, peer + ".GetMachineId").output().strip())
                .isEqualTo(Files.readString(Path.of("/etc/machine-id")).strip());
    }

    @Test
    void aSecondAgentIsToldThatTheNameIsTaken() {
        try (BusConnection second = connect(reason -> {})) {
            assertThat(second.requestName(NAME)).isEqualTo(NameRequest.TAKEN);
        }
        assertThat(busctl("List")).isEqualTo("ai 2 3 7\n");
    }

    @Test
    void passesOnWhyTheBusRefusesAName() {
        try (BusConnection other = connect(reason -> {})) {
            assertThatThrownBy(() -> other.requestName("not a name"))
                    .isInstanceOf(SoftwareContainerException.class)
                    .hasMessageStartingWith("the bus refused RequestName: org.freedesktop.DBus.Error.InvalidArgs: ");
        }
    }

    @Test
    void noticesTheDeathOfTheBus() throws Exception {
        bus.kill();

        assertThat(losses.poll(10, SECONDS)).isNotNull();
    }

    private BusConnection connect(Consumer<String> lossListener) {
        return BusConnection.connect(
                BusSocket.connect(BusAddress.parse(bus.address())), BusLimits.STANDARD, lossListener);
    }

    private String busctl(String member, String... arguments) {
        Client client = run("busctl", "--address=" + bus.address(), "call", NAME, PATH, NAME, member, arguments);
        assertThat(client.error()).isEmpty();
        return client.output();
    }

    private Client gdbus(String verb, String path, String... arguments) {
        return run("gdbus", verb, "--address", bus.address(), "--dest", NAME, "--object-path", path, arguments);
    }

    private Client dbusSend(String path, String member, String... arguments) {
        return run(
                "dbus-send",
                "--bus=" + bus.address(),
                "--print-reply=literal",
                "--dest=" + NAME,
                path,
                member,
                arguments);
    }

    private String python(String script) {
        String preamble =
                """
                import sys, dbus, dbus.bus, dbus.mainloop.glib
                from gi.repository import GLib
                dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)
                address, NAME, PATH = sys.argv[1:]
                agent = dbus.bus.BusConnection(address).get_object(NAME, PATH)
                """;
        Client client = run("/usr/bin/python3", "-c", preamble + script, bus.address(), NAME, PATH);
        assertThat(client.error()).isEmpty();
        return client.output();
    }

    /** Arguments are strings or arrays of them. */
    private static Client run(Object... arguments) {
        List<String> command = new ArrayList<>();
        for (Object argument : arguments) {
            command.addAll(argument instanceof String[] several ? List.of(several) : List.of((String) argument));
        }
        return Client.run(Map.of(), command);
    }
}
