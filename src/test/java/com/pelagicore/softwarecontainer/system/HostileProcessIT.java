package com.pelagicore.softwarecontainer.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.pelagicore.softwarecontainer.system.AgentClient.Execution;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Attacks A6, A7, A22 and A48 of docs/security.md: processes that reach for those outside their container. */
@SystemTest
final class HostileProcessIT {

    private static final int STARTS = 200;

    /** Opens the program of every process for writing, init's own children before they have become another one too. */
    private static final String OVERWRITE =
            """
            import errno, os, time
            print('ready', flush=True)
            seen = set()
            while not os.path.exists('/tmp/stop'):
                for pid in os.listdir('/proc'):
                    if pid.isdigit() and int(pid) != os.getpid():
                        try:
                            os.open(f'/proc/{pid}/exe', os.O_RDWR)
                            seen.add('opened')
                        except OSError as e:
                            seen.add(errno.errorcode[e.errno])
            print(*sorted(seen))
            """;

    /** Looks for a text in all that can be read of the kernel's about processes, mounts, control groups and keys. */
    private static final String SEARCH =
            """
            import os, sys
            needle = sys.argv[1].encode()
            for top in ('/proc', '/sys/fs', '/run', '/var', '/tmp'):
                for directory, directories, files in os.walk(top):
                    directories[:] = [d for d in directories if d not in (str(os.getpid()), 'self', 'thread-self')]
                    for name in directories:
                        if needle in name.encode():
                            print(os.path.join(directory, name))
                    for name in files:
                        path = os.path.join(directory, name)
                        try:
                            with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK), 'rb') as file:
                                if needle in file.read(1 << 20):
                                    print(path)
                        except OSError:
                            pass
            """;

    @TempDir
    private Path host;

    @Test
    void noProgramThatRunsCanBeOverwritten(AgentClient client) throws IOException {
        int id = client.create();
        client.bindMount(id, script("overwrite.py", OVERWRITE), "/opt/overwrite.py", true);
        Execution attack = client.execute(id, "python3 /opt/overwrite.py");
        Deadlines.await(() -> attack.output().startsWith("ready"));

        for (int i = 0; i < STARTS; i++) {
            assertThat(client.execute(id, "/bin/true").status()).isZero();
        }
        client.shell(id, "touch /tmp/stop");

        assertThat(attack.status()).isZero();
        assertThat(attack.output())
                .contains("\n")
                .doesNotContain("opened")
                .containsPattern("ready\\s+(EACCES|EPERM|EROFS|ETXTBSY|ENOENT|ESRCH| )+");
    }

    @Test
    void aProgramThatIsItsOwnInterpreterBecomesInitOfNothing(AgentClient client) {
        int id = client.create();
        client.shell(id, "printf '#!/proc/self/exe\\n' > /tmp/self; chmod +x /tmp/self");

        assertThat(client.execute(id, "/tmp/self").status()).isNotZero();

        assertThat(client.shell(id, "echo well")).isEqualTo("well");
        int next = client.create();
        assertThat(client.shell(next, "echo well")).isEqualTo("well");
    }

    @Test
    void noDescriptorLeadsOutByAWorkingDirectory(AgentClient client) throws IOException {
        String marker = "of-the-host";
        Files.createDirectory(host.resolve(marker));
        String outside = host.resolve(marker).toString();
        int id = client.create();

        for (int descriptor = 0; descriptor <= 40; descriptor++) {
            for (String way : new String[] {"/proc/self/fd/%d", "/proc/self/fd/%d/../../../..", "/proc/1/fd/%d/.."}) {
                String directory = way.formatted(descriptor);
                String reached;
                try {
                    Execution run = client.execute(
                            id, "/bin/sh -c 'test -e ./" + outside + " && echo out || pwd -P'", directory, Map.of());
                    assertThat(run.status()).isZero();
                    reached = run.output().trim();
                } catch (BusError refused) {
                    reached = "refused";
                }
                assertThat(reached).as(directory).isIn("refused", "/");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"kill -9 -1", "kill -9 1", "kill -TERM 1", "kill -STOP 1", "kill -9 -- -1 -0"})
    void signalsReachNobodyElse(String kill, AgentClient client) {
        int id = client.create();
        int neighbour = client.create();
        Execution other = client.execute(neighbour, "/bin/sleep 1000");

        Execution attack = client.execute(id, "/bin/sh -c '" + kill + "'");
        attack.status();

        assertThat(new HostProcess(other.pid()).isAlive()).isTrue();
        assertThat(client.shell(id, "echo init lives")).isEqualTo("init lives");
        assertThat(client.shell(neighbour, "echo well")).isEqualTo("well");
    }

    @Test
    void processesOfOthersHaveNoNumber(AgentClient client) {
        int id = client.create();
        int neighbour = client.create();
        Execution other = client.execute(neighbour, "/bin/sleep 1000");

        assertThat(client.shell(
                        id,
                        "for i in $(seq 2 4000) " + other.pid() + "; do kill -0 $i 2>/dev/null && "
                                + "tr '\\0' ' ' < /proc/$i/cmdline | cut -c1-7; done; true"))
                .doesNotContain("sleep");
    }

    @ParameterizedTest
    @ValueSource(strings = {"planted-in-arguments", "planted-in-environment", "planted-in-a-path", "SC-"})
    void nothingTellsOfOtherContainers(String marker, AgentClient client) throws IOException {
        int id = client.create();
        int neighbour = client.create();
        String needle = marker.equals("SC-") ? "SC-" + neighbour : marker;
        Path path = Files.createDirectory(host.resolve("planted-in-a-path"));
        client.bindMount(neighbour, path, "/opt/x", true);
        client.execute(
                neighbour,
                "/bin/sh -c 'sleep 1000; : planted-in-arguments'",
                "/",
                Map.of("PLANTED", "planted-in-environment"));
        client.bindMount(id, script("search.py", SEARCH), "/opt/search.py", true);

        // the needle is written so that the search does not find its own words, or those of the shell
        String found = client.shell(
                id,
                "python3 -c \"import sys; sys.argv = ['x', ''.join(chr(int(c)) for c in '"
                        + String.join(
                                " ", needle.chars().mapToObj(String::valueOf).toList())
                        + "'.split())]; exec(open('/opt/search.py').read())\"");

        assertThat(found).isEmpty();
    }

    @Test
    void theNameOfTheHostAndItsLogAreNotTold(AgentClient client) throws IOException {
        int id = client.create();
        String host = Files.readString(Path.of("/proc/sys/kernel/hostname")).trim();

        assertThat(client.shell(id, "hostname; cat /proc/sys/kernel/hostname; uname -n"))
                .doesNotContain(host);
        assertThat(client.execute(id, "/bin/dmesg").status()).isNotZero();
    }

    private Path script(String name, String text) throws IOException {
        return Files.writeString(host.resolve(name), text);
    }
}
