package com.pelagicore.softwarecontainer.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The package on a machine that has seen nothing of this project, as its first user finds it: by apt, over the system
 * bus of a Debian without systemd, with containers of LXC. With systemd: {@link SystemdVmIT}.
 */
class CleanMachineIT {

    private static final String NAME = "com.pelagicore.SoftwareContainerAgent";
    private static final String OBJECT = "/com/pelagicore/SoftwareContainerAgent";

    private static DockerDaemon docker;

    @TempDir
    Path directory;

    @BeforeAll
    static void docker() throws IOException {
        DebianPackage shared = DebianPackage.built(DebianPackage.SHARED);
        Path tarball = DebianRoot.tarball(shared, DebianPackage.built(DebianPackage.STANDALONE));
        docker = DockerDaemon.start();
        CleanMachine.image(tarball);
    }

    @AfterAll
    static void end() {
        if (docker != null) {
            docker.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {DebianPackage.SHARED, DebianPackage.STANDALONE})
    void doesItsMainJob(String flavour) {
        DebianPackage built = DebianPackage.built(flavour);
        try (CleanMachine machine = CleanMachine.start(built)) {
            if (flavour.equals(DebianPackage.STANDALONE)) {
                machine.shell("rm -r /usr/lib/jvm /usr/bin/java; ! command -v java");
            }
            machine.install(built);
            writeManifest(machine);
            machine.shell("mkdir /opt/app; printf '#!/bin/sh\\necho $GREETING; cat /issue; exit 7' >/opt/app/hello");
            machine.shell("chmod 755 /opt/app/hello");

            // the first call starts the agent
            String id = create(machine);
            String pid = sleep(machine, id);

            assertThat(machine.run("lxc-info", "-n", "SC-" + id, "-s", "-H")).isEqualTo("RUNNING\n");
            assertThat(machine.run("readlink", "/proc/" + pid + "/ns/pid"))
                    .isNotEqualTo(machine.run("readlink", "/proc/1/ns/pid"));
            assertThat(machine.run("softwarecontainer", "version")).contains("agent");
            // what a kernel has not is the host's; all programs are there
            assertThat(machine.attempt("softwarecontainer", "check").output())
                    .containsPattern("lxc +present")
                    .containsPattern("nft +present")
                    .doesNotContain("not installed");

            Run hello = machine.attempt(
                    "softwarecontainer", "run", "-g", "org.example.hello", "-m", "/opt/app:/app", "--", "/app/hello");
            assertThat(hello.output()).startsWith("Hello, world\n").contains("Debian GNU/Linux");
            assertThat(hello.status()).isEqualTo(7);

            call(machine, "Suspend", "i", id);
            assertThat(machine.run("softwarecontainer", "list")).contains("suspended");
            call(machine, "Resume", "i", id);
            call(machine, "Destroy", "i", id);
            assertThat(machine.shell("ls -d /proc/" + pid + " 2>&1 || true")).contains("No such file");
            assertThat(machine.shell("grep -c softwarecontainer/SC- /proc/self/mountinfo || true"))
                    .isEqualTo("0\n");
        }
    }

    @Test
    void membersOfTheGroupMayCallAndOthersNot() {
        DebianPackage built = DebianPackage.built(DebianPackage.SHARED);
        try (CleanMachine machine = CleanMachine.start(built)) {
            machine.install(built);
            machine.shell("useradd -G softwarecontainer driver; useradd stranger");

            Run stranger =
                    machine.attempt("setpriv", "--reuid=stranger", "--clear-groups", "softwarecontainer", "list");
            Run driver = machine.attempt(
                    "setpriv", "--reuid=driver", "--init-groups", "softwarecontainer", "run", "/bin/id");

            assertThat(stranger.status()).isNotZero();
            assertThat(stranger.output()).contains("access denied");
            assertThat(driver.output()).contains("uid=0");
            assertThat(driver.status()).isZero();
        }
    }

    @Test
    void anUpgradeWithoutSystemdGetsTheNewAgentAndContainersGoOn() throws IOException {
        DebianPackage now = DebianPackage.built(DebianPackage.SHARED);
        DebianPackage before = now.withVersion("0.9", directory);
        try (CleanMachine machine = CleanMachine.start(before, now)) {
            machine.install(before);
            String id = create(machine);
            String pid = sleep(machine, id);
            String agent = agent(machine);

            machine.install(now);

            assertThat(agent(machine)).isNotEqualTo(agent);
            assertThat(call(machine, "List")).isEqualTo("ai 1 " + id);
            machine.shell("kill -0 " + pid);
        }
    }

    @Test
    void aPurgeEndsContainersAndLeavesNothing() {
        DebianPackage built = DebianPackage.built(DebianPackage.SHARED);
        try (CleanMachine machine = CleanMachine.start(built)) {
            machine.install(built);
            String pid = sleep(machine, create(machine));
            String agent = agent(machine);

            machine.run("apt-get", "-y", "purge", DebianPackage.SHARED);

            assertThat(machine.shell("ls -d /proc/" + pid + " /proc/" + agent + " 2>&1 || true"))
                    .hasLineCount(2)
                    .contains("/proc/" + pid + "': No such file", "/proc/" + agent + "': No such file");
            assertThat(machine.shell("find / -xdev -path /proc -prune -o -name '*softwarecontainer*' -print"))
                    .as("but for the directory of its state, which is a mount point here")
                    .doesNotContain("/etc", "/usr/bin", "/usr/lib", "/usr/share", "/run", "/var/cache");
            assertThat(machine.run("find", "/var/lib/softwarecontainer")).isEqualTo("/var/lib/softwarecontainer\n");
        }
    }

    private static void writeManifest(CleanMachine machine) {
        machine.shell(
                """
                cat >/etc/softwarecontainer/service-manifest.d/org.example.hello.json <<END
                {"capabilities": [{"name": "org.example.hello", "gateways": [
                  {"id": "env", "config": [{"name": "GREETING", "value": "Hello, world"}]},
                  {"id": "file", "config": [{"path-host": "/etc/issue", "path-container": "/issue"}]}]}]}
                END
                """);
    }

    private static String create(CleanMachine machine) {
        return call(machine, "Create", "s", "[]").substring("i ".length());
    }

    /** Its pid. */
    private static String sleep(CleanMachine machine, String id) {
        return call(machine, "Execute", "isssa{ss}", id, "/bin/sleep 100000", "/", "", "0")
                .substring("i ".length());
    }

    private static String agent(CleanMachine machine) {
        return machine.run(
                        "busctl",
                        "call",
                        "org.freedesktop.DBus",
                        "/",
                        "org.freedesktop.DBus",
                        "GetConnectionUnixProcessID",
                        "s",
                        NAME)
                .strip()
                .substring("u ".length());
    }

    private static String call(CleanMachine machine, String member, String... arguments) {
        List<String> command = new ArrayList<>(List.of("busctl", "--timeout=60", "call", NAME, OBJECT, NAME, member));
        command.addAll(List.of(arguments));
        return machine.run(command.toArray(String[]::new)).strip();
    }
}
