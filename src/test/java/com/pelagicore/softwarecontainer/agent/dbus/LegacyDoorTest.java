package com.pelagicore.softwarecontainer.agent.dbus;

import static org.assertj.core.api.Assertions.assertThat;

import com.pelagicore.softwarecontainer.agent.Caller;
import com.pelagicore.softwarecontainer.agent.Intent;
import com.pelagicore.softwarecontainer.bus.BusConnection;
import com.pelagicore.softwarecontainer.bus.BusLimits;
import com.pelagicore.softwarecontainer.bus.FakeAnswer;
import com.pelagicore.softwarecontainer.bus.FakeBus;
import com.pelagicore.softwarecontainer.container.ContainerId;
import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import java.nio.file.InvalidPathException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

class LegacyDoorTest {

    private static final String FAILED = "org.freedesktop.DBus.Error.Failed";

    private final FakeBus bus = new FakeBus();
    private BusConnection connection;
    private ProcessSignals signals;
    private RuntimeException failure;

    private final FakeAgent agent = new FakeAgent() {
        @Override
        public void suspend(int id) {
            calls.add("container in log " + MDC.get("container"));
            if (failure != null) {
                throw failure;
            }
        }

        @Override
        public long execute(int id, String command, String directory, String output, Map<String, String> environment) {
            long pid = super.execute(id, command, directory, output, environment);
            // What ends at once may be reported before the reply is on its way.
            signals.processEnded(new ContainerId(id), pid, 256, () -> {});
            return pid;
        }
    };

    private final FakeAgents agents = new FakeAgents(agent);

    @BeforeEach
    void serve() {
        connection = BusConnection.connect(bus, BusLimits.STANDARD, reason -> {});
        signals = new ProcessSignals(connection::emit);
        signals.open();
        connection.register(LegacyDoor.PATH, new LegacyDoor(agents, signals, new AuditLog()).object());
        connection.start();
    }

    @AfterEach
    void close() {
        connection.close();
    }

    @Test
    void hasTheTypesOfTheContract() throws Exception {
        assertThat(call("List", null)).extracting(FakeAnswer::signature).isEqualTo("ai");
        assertThat(call("ListCapabilities", null).value()).isEqualTo(List.of("com.example.A", "com.example.Ä b"));
        assertThat(call("Create", "s", "[]").value()).isEqualTo(7);
        assertThat(call("Resume", "i", 7).values()).isEmpty();
        assertThat(call("Destroy", "i", 7).values()).isEmpty();
        assertThat(call("BindMount", "issb", 7, "/a", "/b", true).values()).isEmpty();
        assertThat(call("SetCapabilities", "ias", 7, List.of("a", "b")).values())
                .isEmpty();
        assertThat(agent.calls)
                .containsExactly(
                        "create 2", "resume 7", "destroy 7", "bindMount 7|/a|/b|true", "setCapabilities 7[a, b]");
    }

    @Test
    void tellsTheAgentWhoCalls() {
        bus.uids.put(FakeBus.CLIENT, 1000L);

        call("List", null);
        call("Suspend", "i", 7);

        Caller caller = new Caller(FakeBus.CLIENT, 1000, Set.of(1000L, 4242L));
        assertThat(agents.callers).containsExactly(caller, caller);
    }

    @Test
    void tellsWhatACallIsAboutToDo() {
        call("List", null);
        call("Create", "s", "[]");
        call("Resume", "i", 7);
        call("BindMount", "issb", 7, "/a", "/b", false);

        assertThat(agents.intents)
                .containsExactly(
                        new Intent.Look(),
                        new Intent.Create(),
                        new Intent.Use(7),
                        new Intent.Mount(7, List.of(new Intent.HostPath("/a", true))));
    }

    @Test
    void deniesByName() {
        bus.uids.put(FakeBus.CLIENT, 1000L);
        agents.banned.add(1000L);

        assertThat(call("Resume", "i", 7))
                .extracting(FakeAnswer::error, FakeAnswer::value)
                .containsExactly("org.freedesktop.DBus.Error.AccessDenied", "user 1000 may not use containers");
        assertThat(agents.callers).isEmpty();
    }

    @Test
    void deniesByNameAlsoWhenTheCallHasItsTurn() {
        failure = new SoftwareContainerException(ErrorKind.ACCESS_DENIED, "user 1000 may not use containers of others");

        assertThat(call("Suspend", "i", 7))
                .extracting(FakeAnswer::error, FakeAnswer::value)
                .containsExactly(
                        "org.freedesktop.DBus.Error.AccessDenied", "user 1000 may not use containers of others");
    }

    @Test
    void passesTheEnvironmentAndAnswersThePidOfAProcess() throws Exception {
        FakeAnswer answer = call("Execute", "isssa{ss}", 7, "sh -c 'x'", "/", "", Map.of("A", "1"));

        assertThat(answer).extracting(FakeAnswer::signature, FakeAnswer::value).containsExactly("i", 4711);
        assertThat(agent.calls.take()).isEqualTo("execute 7|sh -c 'x'|/||{A=1}");
    }

    @Test
    void answersEveryRefusalAsFailedWithItsMessage() {
        assertThat(call("Create", "s", ""))
                .extracting(FakeAnswer::error, FakeAnswer::value)
                .containsExactly(FAILED, "Empty JSON config strings are not supported.");
        assertThat(call("Execute", "isssa{ss}", 9, "a", "", "", Map.of()))
                .extracting(FakeAnswer::error, FakeAnswer::value)
                .containsExactly(FAILED, "Invalid Container ID: 9.");
    }

    @Test
    void answersABugWithoutItsText() {
        failure = new IllegalStateException("secret");

        assertThat(call("Suspend", "i", 7))
                .extracting(FakeAnswer::error, FakeAnswer::value)
                .containsExactly(FAILED, "internal error, see the agent's log");
    }

    @Test
    void answersAPathThatCannotBeExpressed() {
        failure = new InvalidPathException("/ä", "Malformed input");

        assertThat(call("Suspend", "i", 7))
                .extracting(FakeAnswer::error, FakeAnswer::value)
                .containsExactly(FAILED, "'/ä' is not a path: Malformed input");
    }

    @Test
    void namesTheContainerInTheLog() throws Exception {
        call("Suspend", "i", 7);

        assertThat(agent.calls.take()).isEqualTo("container in log 7");
    }

    @Test
    void anEmptySetCapabilitiesIsNothingToBeLogged() {
        List<String> lines = new CopyOnWriteArrayList<>();
        Logger log = Logger.getLogger(AuditLog.class.getName());
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord line) {
                lines.add(line.getMessage());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        log.addHandler(handler);

        call("SetCapabilities", "ias", 7, List.of());
        call("SetCapabilities", "ias", 7, List.of("a"));
        log.removeHandler(handler);

        assertThat(lines).containsExactly("SetCapabilities by user 0 (:1.50)");
    }

    @Test
    void broadcastsTheEndOfAProcessAfterTheReplyThatNamedIt() {
        bus.call(LegacyDoor.PATH, LegacyDoor.INTERFACE, "Execute", "isssa{ss}", 7, "true", "", "", Map.of());

        assertThat(bus.answer().value()).isEqualTo(4711);
        FakeAnswer signal = bus.answer();
        assertThat(signal.signature()).isEqualTo("iubu");
        assertThat(signal.values()).hasToString("[7, 4711, false, 256]");
        assertThat(signal.destination()).isEmpty();
    }

    @Test
    void broadcastsTheEndOfAProcessAtOnceOtherwise() {
        signals.processEnded(new ContainerId(7), 12, -1, () -> {});

        assertThat(bus.answer().values()).hasToString("[7, 12, false, 4294967295]");
    }

    @Test
    void aRefusedExecuteHoldsNoSignals() {
        call("Execute", "isssa{ss}", 9, "a", "", "", Map.of());

        signals.processEnded(new ContainerId(9), 12, 0, () -> {});

        assertThat(bus.answer().values()).hasToString("[9, 12, false, 0]");
    }

    private FakeAnswer call(String member, String signature, Object... arguments) {
        bus.call(LegacyDoor.PATH, LegacyDoor.INTERFACE, member, signature, arguments);
        return bus.answer();
    }
}
