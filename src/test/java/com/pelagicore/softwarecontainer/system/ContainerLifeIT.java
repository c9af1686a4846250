package com.pelagicore.softwarecontainer.system;

import static com.pelagicore.softwarecontainer.system.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The file tree of a container: its root, and what is mounted into it. */
@SystemTest
final class ContainerLifeIT {

    @TempDir
    private Path host;

    @BeforeEach
    void makeAnApplication() throws IOException {
        Files.writeString(host.resolve("from-the-host"), "from the host\n");
        Files.createDirectory(host.resolve("directory"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/gateways/app",
                "/gateways/deep/app",
                "/opt/app",
                "/a/b/c/d",
                "/home/übung mit leer",
                "/opt/app/",
                "/opt//app"
            })
    void mountsADirectoryAnywhere(String target, AgentClient client) {
        int id = client.create();

        client.bindMount(id, host, target, false);

        assertThat(client.shell(id, "cat '" + target + "/from-the-host'; echo new > '" + target + "/written'"))
                .isEqualTo("from the host");
        assertThat(host.resolve("written")).hasContent("new");
    }

    @Test
    void mountsAFileAndMakesItsParents(AgentClient client) {
        int id = client.create();

        client.bindMount(id, host.resolve("from-the-host"), "/opt/some/where/config", true);

        assertThat(client.shell(id, "cat /opt/some/where/config")).isEqualTo("from the host");
    }

    @Test
    void mountsTwoTargetsWithTheSameLastComponent(AgentClient client) throws IOException {
        Files.writeString(host.resolve("directory/other"), "other\n");
        int id = client.create();

        client.bindMount(id, host, "/one/app", true);
        client.bindMount(id, host.resolve("directory"), "/two/app", true);

        assertThat(client.shell(id, "cat /one/app/from-the-host /two/app/other"))
                .isEqualTo("from the host\nother");
    }

    @Test
    void mountsOverADirectoryOfTheHostThatTheRootHas(AgentClient client) {
        int id = client.create();

        client.bindMount(id, host, "/usr/share", true);

        assertThat(client.shell(id, "cat /usr/share/from-the-host")).isEqualTo("from the host");
        assertThat(Path.of("/usr/share/from-the-host")).doesNotExist();
    }

    @Test
    void keepsAReadOnlyMountReadOnlyAgainstContainedRoot(AgentClient client) {
        int id = client.create();
        client.bindMount(id, host, "/opt/app", true);

        String attempts = client.shell(
                id,
                """
                echo x > /opt/app/from-the-host
                mount -o remount,rw,bind /opt/app; echo x > /opt/app/from-the-host
                mount -o remount,rw /opt/app; echo x > /opt/app/from-the-host
                umount /opt/app; mkdir -p /opt/again; mount --bind /opt/app /opt/again
                mount -o remount,rw,bind /opt/again; echo x > /opt/again/from-the-host
                true""");

        assertThat(host.resolve("from-the-host")).as(attempts).hasContent("from the host");
    }

    @Test
    void letsNoLinkInTheContainerRedirectAMount(AgentClient client) {
        int id = client.create();
        client.shell(
                id, "ln -s /proc/1/root/../../../../../../tmp /trap; ln -s ../../../../../../../tmp /relative-trap");

        for (String trap : new String[] {"/trap/redirected", "/relative-trap/redirected"}) {
            try {
                client.bindMount(id, host, trap, false);
            } catch (BusError refused) {
                assertThat(refused).hasMessageContaining(trap);
            }
        }

        assertThat(Path.of("/tmp/redirected")).doesNotExist();
    }

    @Test
    void mountsOntoALinkWithinTheContainer(AgentClient client) {
        int id = client.create();
        client.shell(id, "mkdir /real; ln -s /real /link");

        client.bindMount(id, host, "/link/app", true);

        assertThat(client.shell(id, "cat /real/app/from-the-host")).isEqualTo("from the host");
    }

    @Test
    void showsWhatIsMountedBelowTheHostDirectory(AgentClient client) {
        int id = client.create();

        client.bindMount(id, Path.of("/sys/fs/cgroup"), "/opt/cgroup", true);

        assertThat(client.shell(id, "ls /opt/cgroup")).isNotEmpty();
    }

    @Test
    void givesEveryContainerARootOfItsOwn(AgentClient client) {
        int first = client.create();
        int second = client.create();

        client.shell(first, "echo mine > /mine; echo mine > /etc/mine; rm /etc/group");

        assertThat(client.shell(second, "ls / /etc")).doesNotContain("mine").contains("group");
    }

    @Test
    void laysAllRootsOnOneTemplateThatIsNeverWritten(AgentClient client, LiveAgent agent) throws IOException {
        HostSnapshot before = HostSnapshot.take(agent.directory().resolve("state"));
        int id = client.create();

        client.shell(id, "echo x > /bin/new; rm /bin/ls; chmod 777 /etc/passwd; mkdir /usr-made");
        client.destroy(id);

        before.assertRestored();
        assertThat(client.shell(client.create(), "ls -l /etc/passwd; ls /bin/new 2>&1; ls -d /usr-made 2>&1; true"))
                .contains("-rw-r--r--")
                .contains("/bin/new: No such file");
    }

    @Test
    void looksLikeTheOriginalsRoot(AgentClient client) {
        int id = client.create();

        assertThat(client.shell(id, "hostname")).isEqualTo("contained");
        assertThat(client.shell(id, "cat /etc/passwd")).isEqualTo("root:x:0:0:root:/root:/bin/sh");
        assertThat(client.shell(id, "cat /etc/machine-id")).matches("[0-9a-f]{32}");
        assertThat(client.shell(
                        id, "for d in dev etc home proc root sys tmp usr lib gateways; do [ -d /$d ] || echo $d; done"))
                .isEmpty();
        assertThat(client.shell(id, "id -u; id -g; id -G")).isEqualTo("0\n0\n0");
        assertThat(client.shell(id, "touch /usr/x 2>&1 || true")).contains("Read-only");
    }

    @Test
    void hasADifferentMachineIdInEveryContainer(AgentClient client) {
        assertThat(client.shell(client.create(), "cat /etc/machine-id"))
                .isNotEqualTo(client.shell(client.create(), "cat /etc/machine-id"));
    }

    @Test
    void writesTheGrantedVariablesToAFile(AgentClient client) {
        int id = client.create();
        client.setCapabilities(id, TestManifests.GREETING);

        assertThat(client.shell(id, "cat /gateways/env")).isEqualTo("export DEFAULT='yes'\nexport GREETING='hello'");
    }

    @Test
    void seesNothingOfTheHostsMountsAndProcesses(AgentClient client, LiveAgent agent) {
        int id = client.create();

        assertThat(client.shell(id, "cat /proc/mounts")).doesNotContain("/data");
        assertThat(client.shell(id, "ps").lines().count()).isLessThan(8);
        assertThat(client.shell(id, "kill -9 " + agent.pid() + " 2>&1 || true")).contains("No such process");
    }

    @Test
    void deletesThroughNoLinkOfTheContainer(AgentClient client) throws IOException {
        Path precious = Files.createDirectory(host.resolve("precious"));
        Files.writeString(precious.resolve("file"), "precious");
        for (String config : new String[] {AgentClient.NO_BUFFER, AgentClient.BUFFER}) {
            int id = client.create(config);
            client.shell(id, "ln -s " + precious + " /gateways/trap; ln -s " + precious + " /trap");

            client.destroy(id);

            assertThat(precious.resolve("file")).hasContent("precious");
        }
    }

    @Test
    void keepsTheModeOfAMountedDirectory(AgentClient client) throws IOException {
        Files.setPosixFilePermissions(host, PosixFilePermissions.fromString("rwxr-xr-x"));
        for (String config : new String[] {AgentClient.NO_BUFFER, AgentClient.BUFFER}) {
            int id = client.create(config);

            client.bindMount(id, host, "/opt/app", false);

            assertThat(client.shell(id, "stat -c %a /opt/app")).isEqualTo("755");
        }
    }

    @Test
    void undoesABindMountThatIsRefused(AgentClient client) {
        int id = client.create();
        client.bindMount(id, host, "/opt/app", true);

        assertRefused(() -> client.bindMount(id, host.resolve("missing"), "/opt/app", true))
                .contains("missing");

        assertThat(client.shell(id, "cat /opt/app/from-the-host")).isEqualTo("from the host");
        assertThat(client.execute(id, "/bin/true", "/", Map.of()).status()).isZero();
    }
}
