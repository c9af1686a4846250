package com.pelagicore.softwarecontainer.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.pelagicore.softwarecontainer.system.AgentClient.Execution;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Attacks A9, A10, A11, A21 and A44 of docs/security.md: files and links that the agent or the host is to fall for. */
@SystemTest
final class HostileFilesIT {

    private static final int MOUNTS = 300;

    /** renameat2(2) with RENAME_EXCHANGE, as fast as it goes. */
    private static final String EXCHANGE =
            """
            import ctypes, os, sys
            os.mkdir('/race'); os.mkdir('/race/a'); os.symlink(sys.argv[1], '/race/b')
            libc = ctypes.CDLL(None)
            print('ready', flush=True)
            while not os.path.exists('/tmp/stop'):
                if libc.renameat2(-100, b'/race/a', -100, b'/race/b', 2) != 0:
                    raise OSError
            """;

    @TempDir
    private Path host;

    @ParameterizedTest
    @ValueSource(strings = {"/", "/proc/1/root", "../../../../.."})
    void noMountGoesThroughALinkThatComesAndGoes(String link, AgentClient client) throws IOException {
        Path outside = Files.createDirectory(host.resolve("outside"));
        Path script = Files.writeString(host.resolve("exchange.py"), EXCHANGE);
        int id = client.create();
        client.bindMount(id, script, "/opt/exchange.py", true);
        Execution attack = client.execute(id, "python3 /opt/exchange.py " + link + outside);
        Deadlines.await(() -> attack.output().startsWith("ready"));

        int made = 0;
        for (int i = 0; i < MOUNTS; i++) {
            try {
                client.bindMount(id, script, "/race/a/" + i, true);
                made++;
            } catch (BusError refused) {
                assertThat(refused).hasMessageContaining("/race/a/" + i);
            }
        }
        client.shell(id, "touch /tmp/stop");

        assertThat(attack.status()).isZero();
        assertThat(outside).isEmptyDirectory();
        assertThat(made)
                .as("mounts that hit the directory, or what the link leads to inside")
                .isPositive();
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "console", "ptmx", "tty"})
    void aDeviceThatTheContainerReplacedIsNotWrittenThrough(String device, AgentClient client) {
        int id = client.create();
        client.shell(
                id,
                "echo untouched > /tmp/target; rm -f /dev/" + device + " 2>/dev/null; ln -s /tmp/target /dev/" + device
                        + " 2>/dev/null; true");

        Execution discarded = client.execute(id, "/bin/sh -c 'echo written'", "/", Path.of(""), Map.of());

        assertThat(discarded.status()).isZero();
        assertThat(client.shell(id, "cat /tmp/target")).isEqualTo("untouched");
    }

    @Test
    void noFileOfAVolumeGivesRootsRightsToUsersOfTheHost(AgentClient client) throws IOException {
        int id = client.create();
        Files.setPosixFilePermissions(host, PosixFilePermissions.fromString("rwxr-xr-x"));
        client.bindMount(id, host, "/volume", false);

        client.shell(
                id,
                """
                cd /volume
                cp /bin/busybox ./one 2>/dev/null || cp /bin/sh ./one
                chmod 4755 one; chmod u+s,g+s one; install -m 4755 one two; cp -p one three; chmod 6755 three
                mkdir d; chmod 2777 d
                python3 -c "
                import os
                os.umask(0)
                for way in (lambda: os.open('four', os.O_CREAT | os.O_WRONLY, 0o6755),
                            lambda: os.mknod('five', 0o106755),
                            lambda: os.setxattr('one', 'security.capability',
                                                bytes([1, 0, 0, 2, 128]) + bytes(15))):
                    try:
                        way()
                    except OSError:
                        pass
                "
                true""");

        assertThat(Files.exists(host.resolve("one"))).isTrue();
        assertThat(Programs.run("find", host.toString(), "-perm", "/6000")).isEmpty();
        assertThat(Programs.run("getfattr", "-R", "-d", "-m", "security.capability", host.toString()))
                .isEmpty();
        client.destroy(id);
        Programs.run("find", host.toString(), "-mindepth", "1", "-delete");
    }

    @Test
    void aFileThatIsCopiedUpKeepsNoSetUserId(AgentClient client) throws IOException {
        Path program = Files.copy(Path.of("/bin/sh"), host.resolve("program"));
        Programs.run("chown", "8:8", program.toString());
        Programs.run("chmod", "4755", program.toString());
        int id = client.create(AgentClient.BUFFER);
        client.bindMount(id, host, "/volume", false);

        assertThat(client.shell(id, "/volume/program -c 'id -u'")).as("nosuid").isEqualTo("0");
        client.shell(id, "cd /volume; chown 0:0 program; echo evil >> program; mv program other; true");
        client.destroy(id);

        assertThat(Programs.run("find", host.toString(), "-perm", "/6000", "-uid", "0"))
                .isEmpty();
        Programs.run("find", host.toString(), "-mindepth", "1", "-delete");
    }

    @Test
    void theAgentsOwnProgramInTheContainerStaysAsItWas(AgentClient client) {
        int id = client.create();
        client.shell(
                id, "for f in /sbin/init /init /lib/systemd/systemd; do echo x > $f; rm -f $f; done 2>/dev/null; true");
        client.shell(id, "rm -rf /etc /var /run /sbin 2>/dev/null; true");

        assertThat(client.shell(id, "echo well")).isEqualTo("well");
        int next = client.create();
        assertThat(client.shell(next, "test -d /etc && test -d /var && echo whole"))
                .isEqualTo("whole");
    }
}
