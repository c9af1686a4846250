package com.pelagicore.softwarecontainer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.pelagicore.softwarecontainer.bus.Signal;
import com.pelagicore.softwarecontainer.bus.Variant;
import com.pelagicore.softwarecontainer.cli.ContainerInfo.ProcessInfo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people and programs get to read. */
class OutputTest {

    private static final Instant NOW = Instant.parse("2026-11-22T04:05:10Z");
    private static final ContainerInfo INFO = new ContainerInfo(
            3,
            "SC-3",
            "ready",
            List.of("a.b", "c.d"),
            List.of(new ProcessInfo(4713, List.of("/bin/app", "-x", "\033[2J"))),
            4711,
            Map.of("cpu.shares", "500"),
            Map.of("Memory", 5_000_000L, "Cpu", 520_000_000L),
            NOW.minusSeconds(192),
            1000);

    private final Events events = new Events();

    @Test
    void alignsColumnsAndLetsNothingControlTheTerminal() {
        Table table = new Table("ID", "STATE", "WHAT");
        table.row("1", "suspended", "\033[31mred\n");
        table.row("12345", "ready", "");

        assertThat(table)
                .hasToString(
                        """
                        ID     STATE      WHAT
                        1      suspended  \\u001b[31mred\\u000a
                        12345  ready
                        """);
    }

    @Test
    void describesAContainer(@TempDir Path directory) throws Exception {
        Path passwd = Files.writeString(directory.resolve("passwd"), "root:x:0:0::/:\nme:x:1000:1000::/:\nbroken\n");

        assertThat(InspectCommand.describe(INFO, Users.load(passwd), NOW))
                .isEqualTo(
                        """
                        Container 3 (SC-3)
                          State         ready
                          Owner         me (1000)
                          Created       2026-11-22T04:01:58Z (3m12s ago)
                          Init          pid 4711
                          Capabilities  a.b
                                        c.d
                          Limits        cpu.shares = 500
                          Usage         4.8 MiB of memory
                                        0.52 s of processor time
                          Processes     4713    /bin/app -x \\u001b[2J
                        """);
    }

    @Test
    void takesNumbersForUsersWithoutName() {
        assertThat(Users.load(Path.of("/nowhere")).name(5)).isEqualTo("5");
    }

    @Test
    void writesAContainerAsJson() {
        assertThat(ContainerJson.of(INFO))
                .hasToString("{\"id\":3,\"name\":\"SC-3\",\"state\":\"ready\",\"owner\":1000,"
                        + "\"created\":\"2026-11-22T04:01:58Z\",\"initPid\":4711,\"capabilities\":[\"a.b\",\"c.d\"],"
                        + "\"processes\":[{\"pid\":4713,\"arguments\":[\"/bin/app\",\"-x\",\"\\u001B[2J\"]}],"
                        + "\"limits\":{\"cpu.shares\":\"500\"},"
                        + "\"usage\":{\"memoryBytes\":5000000,\"cpuNanoseconds\":520000000}}");
    }

    @Test
    void tellsEventsInWords() {
        events.begin(INFO);

        assertThat(lines("/", "InterfacesAdded", path(9), Map.of())).containsExactly("T  container 9  created");
        assertThat(lines("/", "InterfacesRemoved", path(9), List.of())).containsExactly("T  container 9  destroyed");
        assertThat(lines(path(3), "ProcessExited", 4713L, "exited", 42L))
                .containsExactly("T  container 3  exited 4713 with status 42");
        assertThat(lines(path(3), "ProcessExited", 4713L, "killed", 9L))
                .containsExactly("T  container 3  killed 4713 by signal 9");
        assertThat(changed(Map.of("State", new Variant("s", "suspended"))))
                .containsExactly("T  container 3  state suspended");
        assertThat(changed(Map.of("Capabilities", new Variant("as", List.of("a", "b")))))
                .containsExactly("T  container 3  granted a, b");
        assertThat(changed(Map.of("Limits", new Variant("a{ss}", Map.of())))).isEmpty();
    }

    @Test
    void tellsOnlyOfProcessesThatWereNotThereBefore() {
        events.begin(INFO);
        List<Object> old = List.of(4713L, List.of("/bin/app"));
        List<Object> fresh = List.of(4800L, List.of("sh", "-c", "x"));

        assertThat(changed(Map.of("Processes", new Variant("a(uas)", List.of(old, fresh)))))
                .containsExactly("T  container 3  started 4800: sh -c x");
        assertThat(changed(Map.of("Processes", new Variant("a(uas)", List.of(fresh)))))
                .isEmpty();
    }

    @Test
    void tellsEventsAsJson() {
        Event event = new Event.Started(3, 7, List.of("a", "b"));

        assertThat(event.toJson("T"))
                .isEqualTo(
                        "{\"time\":\"T\",\"container\":3,\"event\":\"started\",\"pid\":7,\"arguments\":[\"a\",\"b\"]}");
    }

    private List<String> changed(Map<String, Variant> properties) {
        return lines(path(3), "PropertiesChanged", AgentMethod.CONTAINER, properties, List.of());
    }

    private List<String> lines(String path, String member, Object... arguments) {
        return events.of(new Signal(path, "x.Y", member, "", List.of(arguments), Optional.empty())).stream()
                .map(event -> event.toLine("T"))
                .toList();
    }

    private static String path(int id) {
        return AgentMethod.CONTAINER_PATH + id;
    }
}
