package com.pelagicore.softwarecontainer.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Attacks A18, A19, A20, A23, A24, A25 and A49 of docs/security.md: what root in a container asks of the kernel. */
@SystemTest
final class HostileCallsIT {

    private static final Path SOURCE = Path.of("src/test/c/forbidden_calls.c");

    /**
     * Opens for writing every file that somebody may write, and writes nothing; on the way it goes round the
     * processes, which are its own.
     */
    private static final String OPEN_ALL =
            """
            import os, stat, sys
            for top in sys.argv[1:]:
                for directory, directories, files in os.walk(top):
                    directories[:] = [d for d in directories if not (directory == '/proc' and d.isdigit())
                                      and d not in ('self', 'thread-self')]
                    for name in files:
                        path = os.path.join(directory, name)
                        mode = os.lstat(path).st_mode
                        if not stat.S_ISREG(mode) or not mode & 0o222:
                            continue
                        try:
                            os.close(os.open(path, os.O_WRONLY | os.O_NOFOLLOW | os.O_NONBLOCK))
                            print(path)
                        except OSError:
                            pass
            """;

    @TempDir
    private Path host;

    @Test
    void theKernelRefusesWhatLeadsOutOfAContainer(AgentClient client) {
        Path program = host.resolve("forbidden_calls");
        Programs.run("cc", "-static", "-O1", "-o", program.toString(), SOURCE.toString());
        int id = client.create();
        client.bindMount(id, program, "/opt/forbidden_calls", true);

        Map<String, String> outcomes = client.shell(id, "/opt/forbidden_calls")
                .lines()
                .map(line -> line.split(" ", 2))
                .collect(Collectors.toMap(line -> line[0], line -> line[1], (one, other) -> one + " " + other));

        // the program does what it says
        assertThat(outcomes.remove("getpid")).isEqualTo("works");
        assertThat(outcomes.remove("terminal")).isEqualTo("works");
        assertThat(outcomes).hasSizeGreaterThan(60).allSatisfy((call, outcome) -> assertThat(outcome)
                .as(call)
                .matches("(EPERM|EACCES|ENOSYS|ETXTBSY|EAFNOSUPPORT|ENOENT)( (EPERM|EACCES|ENOSYS))*"));
        assertThat(outcomes)
                .containsEntry("unshare", "EPERM EPERM EPERM")
                .containsEntry("mount-cgroup", "EPERM")
                .containsEntry("mknod-disk", "EPERM")
                .containsEntry("TIOCSTI", "EPERM")
                .containsEntry("TIOCLINUX", "EPERM")
                .containsEntry("open_by_handle_at", "EPERM")
                .containsEntry("late-call", "ENOSYS");
    }

    @Test
    void noSettingOfTheKernelCanBeOpenedForWriting(AgentClient client) throws Exception {
        Path program = Files.writeString(host.resolve("open_all.py"), OPEN_ALL);
        int id = client.create();
        client.bindMount(id, program, "/opt/open_all.py", true);

        assertThat(client.shell(
                        id, "python3 /opt/open_all.py /tmp /proc /sys; touch /tmp/x; python3 /opt/open_all.py /tmp"))
                .as("files that root in the container may write")
                .isEqualTo("/tmp/x");
    }
}
