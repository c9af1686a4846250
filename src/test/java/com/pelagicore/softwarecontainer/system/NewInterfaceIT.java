package com.pelagicore.softwarecontainer.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.pelagicore.softwarecontainer.system.WireWriter.Variant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The newer D-Bus interface, com.pelagicore.SoftwareContainer.Agent1 and .Container1; {@link StreamsIT} has files. */
@SystemTest
final class NewInterfaceIT {

    private static final String BUS = "org.freedesktop.DBus.Error.";
    private static final String NOWHERE = NewerClient.PATH + "/container/4711";

    private NewerClient client;

    @BeforeEach
    void connect(NewerClient connected) {
        client = connected;
    }

    @Test
    void hasAnObjectForEachContainerAndTellsWhenOneComesOrGoes(AgentClient legacy) {
        String one = client.create();
        String other = NewerClient.PATH + "/container/" + legacy.create();

        assertThat(client.objects().keySet()).hasSize(2).isEqualTo(Set.of(one, other));
        assertThat(legacy.list()).hasSize(2);
        client.await(NewerClient.PATH, "InterfacesAdded", body -> body.get(0).equals(one));
        client.await(NewerClient.PATH, "InterfacesAdded", body -> body.get(0).equals(other));

        client.destroy(other);

        assertThat(client.objects().keySet()).isEqualTo(Set.of(one));
        assertThat(client.await(NewerClient.PATH, "InterfacesRemoved", body -> true))
                .isEqualTo(List.of(other, List.of(NewerClient.CONTAINER)));
        assertThat(legacy.list()).hasSize(1);
    }

    @Test
    void tellsAllPropertiesOfAContainerInOneCall() {
        String container = client.create();

        Map<?, ?> interfaces = (Map<?, ?>) client.objects().get(container);

        Map<?, ?> properties = (Map<?, ?>) interfaces.get(NewerClient.CONTAINER);
        assertThat(properties.get("State")).isEqualTo("ready");
        assertThat(properties.get("Name")).isEqualTo("SC-" + container.substring(container.lastIndexOf('/') + 1));
        assertThat(properties.get("Owner")).isEqualTo(0L);
        assertThat(properties.get("Capabilities")).isEqualTo(List.of());
        assertThat(new HostProcess((Long) properties.get("InitPid")).isAlive()).isTrue();
        assertThat(((Map<?, ?>) properties.get("Usage")).get("Tasks")).isEqualTo(1L);
        long micros = System.currentTimeMillis() * 1000;
        assertThat((Long) properties.get("Created")).isBetween(micros - 60_000_000, micros);
    }

    @Test
    void tellsChangesOfProperties() {
        String container = client.create();

        client.callContainer(container, "Grant", "as", List.of(TestManifests.GREETING));
        client.awaitProperty(container, "Capabilities", List.of(TestManifests.GREETING));
        client.callContainer(container, "Suspend", "");
        client.awaitProperty(container, "State", "suspended");
        client.callContainer(container, "Resume", "");
        client.awaitProperty(container, "State", "ready");
        long pid = client.execute(container, "sleep", "1000");
        client.awaitProperty(container, "Processes", List.of(List.of(pid, List.of("sleep", "1000"))));

        assertThat(client.property(container, "Processes")).isEqualTo(List.of(List.of(pid, List.of("sleep", "1000"))));

        client.callContainer(container, "Stop", "ut", pid, 0L);
        client.awaitProperty(container, "Processes", List.of());
    }

    @Test
    void tellsThatAContainerDied() {
        String container = client.create();

        Programs.run("kill", "-KILL", String.valueOf(client.property(container, "InitPid")));

        client.awaitProperty(container, "State", "invalid");
        assertRefused("WrongState", () -> client.execute(container, "true"));
        client.destroy(container);
        assertThat(client.objects()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "exit 0,            exited, 0",
        "exit 255,          exited, 255",
        "kill -TERM $$,     killed, 15",
        "kill -KILL $$,     killed, 9",
        "exec /etc/passwd,  exited, 126",
        "exec nosuch,       exited, 127"
    })
    void tellsTheEndOfAProcessAsCodeOrSignalOnce(String script, String reason, long code) {
        String container = client.create();

        long pid = client.execute(container, "/bin/sh", "-c", script);

        assertThat(client.awaitExit(container, pid)).isEqualTo(List.of(reason, code));
        client.destroy(container);
        assertThat(client.told(container, "ProcessExited", body -> true)).hasSize(1);
    }

    @Test
    void passesArgumentsOnAsTheyAre() {
        String container = client.create();
        String check =
                "test \"$#\" = 4 && test \"$1\" = 'a  b' && test \"$2\" = '$HOME' && test \"$3\" = '' && test \"$4\" = '*'";

        long pid = client.execute(container, "/bin/sh", "-c", check, "sh", "a  b", "$HOME", "", "*");

        assertThat(client.awaitExit(container, pid)).isEqualTo(List.of("exited", 0L));
    }

    @Test
    void setsEnvironmentAndWorkingDirectory() {
        String container = client.create();
        client.callContainer(container, "Grant", "as", List.of(TestManifests.GREETING));

        long pid = (Long) client.callContainer(
                        container,
                        "Execute",
                        "asa{sv}",
                        List.of("sh", "-c", "test \"$GREETING $NAME\" = 'well, bus' && test $(pwd) = /usr"),
                        Map.of(
                                "Environment", new Variant("a{ss}", Map.of("GREETING", "well,", "NAME", "bus")),
                                "WorkingDirectory", new Variant("s", "/usr")))
                .get(0);

        assertThat(client.awaitExit(container, pid)).isEqualTo(List.of("exited", 0L));
    }

    @Test
    void signalsAProcessOrItsGroupOrAll() {
        String container = client.create();
        long leader = client.execute(container, "/bin/sh", "-c", "trap 'exit 4' USR1; sleep 1000 & wait");
        long group = client.execute(container, "/bin/sh", "-c", "sleep 1000; exit 5");
        long other = client.execute(container, "/bin/sleep", "1000");
        awaitTasks(container, 6);

        client.callContainer(container, "Signal", "usi", leader, "process", 10);
        assertThat(client.awaitExit(container, leader)).isEqualTo(List.of("exited", 4L));
        client.callContainer(container, "Signal", "usi", group, "group", 1);
        assertThat(client.awaitExit(container, group)).isEqualTo(List.of("killed", 1L));
        client.callContainer(container, "Signal", "usi", 0L, "group", 15);
        assertThat(client.awaitExit(container, other)).isEqualTo(List.of("killed", 15L));
        awaitTasks(container, 1);
    }

    @Test
    void stopsWithinTheGracePeriodOrKills() {
        String container = client.create();
        long tidy = client.execute(container, "/bin/sh", "-c", "trap 'exit 7' TERM; while :; do sleep 0.05; done");
        long deaf = client.execute(container, "/bin/sh", "-c", "trap '' TERM; while :; do sleep 0.05; done");
        // init, both shells, and what they start once they have set their traps
        awaitTasks(container, 5);

        client.callContainer(container, "Stop", "ut", tidy, 20_000_000L);
        assertThat(client.property(container, "Processes").toString())
                .contains(String.valueOf(deaf))
                .doesNotContain(String.valueOf(tidy));
        client.callContainer(container, "Stop", "ut", deaf, 200_000L);

        assertThat(client.awaitExit(container, tidy)).isEqualTo(List.of("exited", 7L));
        assertThat(client.awaitExit(container, deaf)).isEqualTo(List.of("killed", 9L));
    }

    @Test
    void makesAllMountsAndGrantsOrNone(LiveAgent agent) {
        String container = client.create();
        String data = agent.data().toString();

        assertRefused(
                "NotFound",
                () -> client.callContainer(
                        container,
                        "Mount",
                        "a(ssa{sv})",
                        List.of(List.of(data, "/opt/one", Map.of()), List.of("/nowhere", "/opt/two", Map.of()))));
        assertRefused(
                "NotFound",
                () -> client.callContainer(container, "Grant", "as", List.of(TestManifests.GREETING, "test.nope")));
        assertThat(client.property(container, "Capabilities")).isEqualTo(List.of());
        assertEnds(container, "test ! -e /opt/one/file.txt && test -z \"$GREETING\"");

        client.callContainer(
                container,
                "Mount",
                "a(ssa{sv})",
                List.of(
                        List.of(data, "/opt/one", Map.of()),
                        List.of(data, "/opt/two", Map.of("ReadOnly", new Variant("b", false)))));
        client.callContainer(container, "Grant", "as", List.of(TestManifests.GREETING, TestManifests.WRITABLE));

        assertEnds(
                container, "cat /opt/one/file.txt && touch /opt/two/new && ! touch /opt/one/other && test $GREETING");
        assertThat(agent.data().resolve("new")).exists();
        assertThat(client.property(container, "Capabilities"))
                .isEqualTo(List.of(TestManifests.GREETING, TestManifests.WRITABLE));
        assertThat(agent.data().resolve("new").toFile().delete()).isTrue();
    }

    @Test
    void namesErrors() {
        String container = client.create();

        assertRefused("InvalidArgument", () -> client.execute(container));
        assertRefused("InvalidArgument", () -> client.callContainer(container, "Signal", "usi", 0L, "family", 15));
        assertRefused("InvalidArgument", () -> client.callContainer(container, "Signal", "usi", 0L, "group", 65));
        assertRefused("InvalidArgument", () -> client.callContainer(container, "Stop", "ut", 0L, 3_600_000_001L));
        assertRefused("InvalidArgument", () -> client.create(Map.of("Colour", new Variant("s", "red"))));
        assertRefused("InvalidArgument", () -> client.create(Map.of("WriteBuffer", new Variant("b", true))));
        assertRefused("InvalidArgument", () -> client.create(Map.of("WriteBuffer", new Variant("s", "tape"))));
        assertRefused("InvalidArgument", () -> client.create(Map.of("BusUser", new Variant("u", 4711L))));
        assertRefused("NotFound", () -> client.callContainer(container, "Signal", "usi", 1L, "process", 15));
        assertRefused("WrongState", () -> client.callContainer(container, "Resume", ""));
        client.callContainer(container, "Mount", "a(ssa{sv})", List.of(List.of("/usr/share", "/opt/s", Map.of())));
        assertRefused(
                "AlreadyExists",
                () -> client.callContainer(
                        container, "Mount", "a(ssa{sv})", List.of(List.of("/usr/bin", "/opt/s", Map.of()))));
        assertThat(client.objects()).hasSize(1);
    }

    @Test
    void answersWrongCallsAsBusesDo() {
        String container = client.create();

        assertError(BUS + "InvalidArgs", () -> client.callContainer(container, "Execute", "as", List.of("true")));
        assertError(BUS + "InvalidArgs", () -> client.callContainer(container, "Stop", "uu", 0L, 0L));
        assertError(BUS + "UnknownMethod", () -> client.callContainer(container, "Explode", ""));
        assertError(BUS + "UnknownInterface", () -> client.call(container, "org.example.Nothing", "Destroy", ""));
        assertError(BUS + "UnknownObject", () -> client.callContainer(NOWHERE, "Destroy", ""));
        assertError(BUS + "UnknownProperty", () -> client.property(container, "Colour"));
        assertError(
                BUS + "PropertyReadOnly",
                () -> client.call(
                        container,
                        "org.freedesktop.DBus.Properties",
                        "Set",
                        "ssv",
                        NewerClient.CONTAINER,
                        "State",
                        new Variant("s", "invalid")));
        assertThat(client.property(container, "State")).isEqualTo("ready");
    }

    @Test
    void holdsManyContainers() {
        List<String> containers = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            containers.add(client.create());
        }

        containers.forEach(container -> client.execute(container, "/bin/sleep", "1000"));

        assertThat(client.objects().keySet()).hasSize(12).isEqualTo(Set.copyOf(containers));
        containers.forEach(client::destroy);
        assertThat(client.objects()).isEmpty();
    }

    private void assertEnds(String container, String script) {
        assertThat(client.awaitExit(container, client.execute(container, "/bin/sh", "-c", script)))
                .as(script)
                .isEqualTo(List.of("exited", 0L));
    }

    private void awaitTasks(String container, long count) {
        Deadlines.await(() ->
                ((Map<?, ?>) client.property(container, "Usage")).get("Tasks").equals(count));
    }

    private static void assertRefused(String error, ThrowingCallable call) {
        assertError(NewerClient.ERROR + error, call);
    }

    private static void assertError(String name, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(BusError.class, error -> assertThat(error.name())
                .isEqualTo(name));
    }
}
