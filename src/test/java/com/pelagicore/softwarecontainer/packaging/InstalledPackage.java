package com.pelagicore.softwarecontainer.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * What somebody finds who has installed the package. For a machine that is thrown away, where {@link SystemdVmIT} runs
 * it: it installs an earlier version, upgrades and removes it.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class InstalledPackage {

    static final String EARLIER_VERSION = "0.9";
    static final Path NOW = Path.of("target/now.deb").toAbsolutePath();
    static final Path BEFORE = Path.of("target/before.deb").toAbsolutePath();

    static final Path STANDALONE = Path.of("target/standalone.deb").toAbsolutePath();

    private static final Path MANIFEST = Path.of("/etc/softwarecontainer/service-manifest.d/org.example.limited.json");

    private static final String AGENT = "softwarecontainer-agent.service";
    private static final String CONTAINERS = "softwarecontainer-containers.service";
    private static final String NAME = "com.pelagicore.SoftwareContainerAgent";
    private static final String OBJECT = "/com/pelagicore/SoftwareContainerAgent";

    /** The processor is emulated. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @BeforeAll
    static void install() throws IOException {
        Run.successfully("dpkg", "-i", BEFORE.toString());
        Files.writeString(
                MANIFEST,
                """
                {"capabilities": [{"name": "org.example.limited", "gateways": [{"id": "cgroups", "config": [
                  {"setting": "memory.max", "value": "16M"}, {"setting": "pids.max", "value": "8"}]}]}]}
                """);
    }

    @Test
    @Order(1)
    void startsWithTheFirstCall() {
        assertThat(property(AGENT, "ActiveState")).isEqualTo("inactive");

        assertThat(call("List")).isEqualTo("ai 0");

        assertThat(property(AGENT, "ActiveState")).isEqualTo("active");
        assertThat(property(AGENT, "StatusText")).matches("ready, [0-9]+ capabilities");
    }

    @Test
    @Order(2)
    void theUnitsAreWellFormed() {
        assertThat(Run.successfully("systemd-analyze", "verify", "--man=no", AGENT, CONTAINERS))
                .isEmpty();
        System.out.println(Run.successfully("systemd-analyze", "security", "--no-pager", AGENT));
    }

    @Test
    @Order(3)
    void hasItsContainersInAControlGroupThatIsDelegated() {
        String id = create();
        String pid = sleep(id);

        String group = Run.successfully("cat", "/proc/" + pid + "/cgroup").strip();
        assertThat(group).isEqualTo("0::/machine.slice/" + CONTAINERS + "/lxc.payload.SC-" + id);
        Path directory = Path.of("/sys/fs/cgroup", group.substring(3));
        Path controllers = directory.resolve("cgroup.controllers");
        assertThat(read(controllers)).contains("cpu", "memory", "pids");
        call("SetCapabilities", "ias", id, "1", "org.example.limited");

        assertThat(read(Path.of("/proc", property(AGENT, "MainPID"), "oom_score_adj")))
                .isEqualTo("-500\n");
        assertThat(read(Path.of("/proc", pid, "oom_score_adj"))).isEqualTo("0\n");

        // systemd tidies up what is its own
        Run.successfully("systemctl", "daemon-reload");
        Run.successfully("systemd-run", "--wait", "/bin/true");
        assertThat(read(controllers)).contains("cpu", "memory", "pids");
        assertThat(read(directory.resolve("memory.max"))).isEqualTo(16 * 1024 * 1024 + "\n");
        assertThat(read(directory.resolve("pids.max"))).isEqualTo("8\n");
        call("Destroy", "i", id);
    }

    @Test
    @Order(4)
    void hasItsContainersUnderItsProfileForAppArmor() {
        String id = create();

        assertThat(read(Path.of("/proc", sleep(id), "attr/current"))).isEqualTo("lxc-softwarecontainer (enforce)\n");
        assertThat(Run.of(PATIENCE, List.of("softwarecontainer", "check")).output())
                .containsPattern("(?m)^apparmor +present");
        call("Destroy", "i", id);
    }

    @Test
    @Order(5)
    void writesToTheJournalWithFields() {
        String id = create();
        call("Execute", "isssa{ss}", id, "/bin/true", "/", "", "0");

        await(() -> journal("SC_CONTAINER=" + id).contains("\"PRIORITY\":\"6\""));
        assertThat(journal("SC_CONTAINER=" + id))
                .contains("\"MESSAGE\":\"SC-" + id + ": process ")
                .contains("\"SYSLOG_IDENTIFIER\":\"softwarecontainer-agent\"")
                .contains("\"_SYSTEMD_UNIT\":\"" + AGENT + "\"")
                .contains("\"CODE_FUNC\":\"com.pelagicore.softwarecontainer.");
        call("Destroy", "i", id);
    }

    @Test
    @Order(6)
    void changesItsLogLevelForSystemctl() {
        assertThat(Run.successfully("systemctl", "service-log-level", AGENT).strip())
                .isEqualTo("info");

        Run.successfully("systemctl", "service-log-level", AGENT, "debug");

        assertThat(Run.successfully("systemctl", "service-log-level", AGENT).strip())
                .isEqualTo("debug");
        assertThat(Run.successfully("systemctl", "service-log-target", AGENT).strip())
                .isEqualTo("journal");
        assertThat(refusal("Destroy", "i", "4711")).contains("4711");
        await(() -> journal("PRIORITY=7").contains("\"SC_SENDER\":\":1."));
        Run.successfully("systemctl", "service-log-level", AGENT, "info");
    }

    @Test
    @Order(7)
    void isStartedAnewWhenItIsStuck() throws Exception {
        Path dropIn = Path.of("/run/systemd/system/" + AGENT + ".d/test.conf");
        Files.createDirectories(dropIn.getParent());
        Files.writeString(dropIn, "[Service]\nWatchdogSec=8\n");
        Run.successfully("systemctl", "daemon-reload");
        Run.successfully("systemctl", "restart", AGENT);
        String id = create();
        String pid = sleep(id);
        String restarts = property(AGENT, "NRestarts");
        String stuck = property(AGENT, "MainPID");

        Run.successfully("kill", "-STOP", stuck);

        await(() -> !property(AGENT, "NRestarts").equals(restarts)
                && property(AGENT, "ActiveState").equals("active"));
        assertThat(property(AGENT, "MainPID")).isNotEqualTo(stuck);
        assertLives(id, pid);
        assertThat(Run.successfully("journalctl", "--no-pager", "-u", AGENT, "_PID=" + stuck))
                .contains("Full thread dump");
        Files.delete(dropIn);
        Run.successfully("systemctl", "daemon-reload");
        Run.successfully("systemctl", "restart", AGENT);
        assertLives(id, pid);
        call("Destroy", "i", id);
    }

    @Test
    @Order(8)
    void anUpgradeRestartsTheAgentAndItsContainersGoOn() {
        String id = create();
        String pid = sleep(id);
        String agent = property(AGENT, "MainPID");
        String holder = property(CONTAINERS, "MainPID");

        Run.of(PATIENCE, List.of("dpkg", "-i", NOW.toString())).orFail(List.of("dpkg -i"));

        assertThat(property(AGENT, "ActiveState")).isEqualTo("active");
        assertThat(property(AGENT, "MainPID")).isNotEqualTo(agent);
        assertThat(property(CONTAINERS, "MainPID")).isEqualTo(holder);
        assertLives(id, pid);
        call("Destroy", "i", id);
    }

    @Test
    @Order(9)
    void aRemovalEndsContainersAndAgent() {
        String pid = sleep(create());

        Run.of(PATIENCE, List.of("dpkg", "-r", DebianPackage.SHARED)).orFail(List.of("dpkg -r"));

        assertThat(Path.of("/proc/" + pid)).doesNotExist();
        assertThat(property(AGENT, "ActiveState")).isEqualTo("inactive");
        assertThat(property(CONTAINERS, "ActiveState")).isEqualTo("inactive");
        assertThat(Path.of("/run/softwarecontainer"))
                .satisfiesAnyOf(gone -> assertThat(gone).doesNotExist(), empty -> assertThat(empty)
                        .isEmptyDirectory());
    }

    @Test
    @Order(10)
    void aPurgeLeavesNothing() throws IOException {
        Files.delete(MANIFEST); // it was not of the package
        Run.successfully("dpkg", "-P", DebianPackage.SHARED);

        assertThat(Path.of("/var/lib/softwarecontainer")).doesNotExist();
        assertThat(Path.of("/etc/softwarecontainer")).doesNotExist();
        assertThat(Path.of("/etc/apparmor.d/lxc-softwarecontainer")).doesNotExist();
        assertThat(Path.of("/run/softwarecontainer")).doesNotExist();
        assertThat(Run.successfully("find", "/sys/fs/cgroup", "-name", "*SC-*", "-o", "-name", "softwarecontainer*"))
                .isEmpty();
    }

    @Test
    @Order(11)
    void theStandaloneFlavourDoesTheSame() {
        Run.of(PATIENCE, List.of("dpkg", "-i", STANDALONE.toString())).orFail(List.of("dpkg -i"));

        String id = create();
        String pid = sleep(id);
        call("Suspend", "i", id);
        call("Resume", "i", id);
        call("BindMount", "issb", id, "/etc", "/host-etc", "true");
        call("Destroy", "i", id);

        assertThat(Path.of("/proc/" + pid)).doesNotExist();
        assertThat(Run.successfully("readlink", "/proc/" + property(AGENT, "MainPID") + "/exe")
                        .strip())
                .isEqualTo("/usr/lib/softwarecontainer/runtime/bin/java");
        assertThat(Run.successfully("softwarecontainer", "version")).contains("agent");
        Run.of(PATIENCE, List.of("dpkg", "-P", DebianPackage.STANDALONE)).orFail(List.of("dpkg -P"));
        assertThat(Path.of("/var/lib/softwarecontainer")).doesNotExist();
    }

    /** With its process, and for the agent of now. */
    private static void assertLives(String container, String pid) {
        assertThat(call("List")).isEqualTo("ai 1 " + container);
        assertThat(Path.of("/proc/" + pid)).exists();
        assertThat(call("Execute", "isssa{ss}", container, "/bin/true", "/", "", "0"))
                .startsWith("i ");
    }

    private static String create() {
        return call("Create", "s", "[]").substring("i ".length());
    }

    /** Its pid. */
    private static String sleep(String container) {
        return call("Execute", "isssa{ss}", container, "/bin/sleep 100000", "/", "", "0")
                .substring("i ".length());
    }

    private static String call(String member, String... arguments) {
        List<String> command = command(member, arguments);
        return Run.of(PATIENCE, command).orFail(command).strip();
    }

    private static String refusal(String member, String... arguments) {
        Run run = Run.of(PATIENCE, command(member, arguments));
        assertThat(run.status()).isNotZero();
        return run.output();
    }

    private static List<String> command(String member, String... arguments) {
        List<String> command = new ArrayList<>(List.of("busctl", "--timeout=100", "call", NAME, OBJECT, NAME, member));
        command.addAll(List.of(arguments));
        return command;
    }

    private static String property(String unit, String name) {
        return Run.successfully("systemctl", "show", "-P", name, unit).strip();
    }

    private static String journal(String match) {
        return Run.successfully("journalctl", "--no-pager", "-o", "json", "-u", AGENT, match);
    }

    private static String read(Path file) {
        return Run.successfully("cat", file.toString());
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
        }
    }
}
