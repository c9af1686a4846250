package com.pelagicore.softwarecontainer.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Assumptions;

/**
 * A docker daemon of the tests' own, src/test/docker/daemon. What a docker of this host has is neither seen nor
 * changed. There is at most one in a JVM, as Testcontainers knows one only.
 */
final class DockerDaemon implements AutoCloseable {

    private static final String SCRIPT = "src/test/docker/daemon";
    private static final AtomicReference<DockerDaemon> RUNNING = new AtomicReference<>();

    private final Path directory;
    private final Process process;

    private DockerDaemon(Path directory, Process process) {
        this.directory = directory;
        this.process = process;
    }

    /** The calling test is skipped, with the reason, where there can be none; in CI (environment variable) it fails. */
    static DockerDaemon start() throws IOException {
        Run answer = Run.of(Duration.ofSeconds(20), List.of(SCRIPT, "-n"));
        if (answer.status() != 0) {
            skip(answer.output().strip());
        }
        // not below /tmp, which may be a small file system in memory, or an overlay
        Path directory = Files.createTempDirectory(Path.of("/var/tmp"), "softwarecontainer-docker-");
        Process process = new ProcessBuilder(SCRIPT, directory.toString())
                .redirectErrorStream(true)
                .start();
        DockerDaemon daemon = new DockerDaemon(directory, process);
        daemon.awaitCalls().ifPresent(obstacle -> {
            daemon.close();
            skip(obstacle);
        });
        RUNNING.set(daemon);
        return daemon;
    }

    private static void skip(String obstacle) {
        String reason = "no tests on a clean machine: " + obstacle;
        System.out.println(reason);
        assertThat(System.getenv("CI")).as(reason).isNull();
        Assumptions.abort(reason);
    }

    /** Until it says that it listens; else what it said before it ended. */
    private Optional<String> awaitCalls() throws IOException {
        StringBuilder said = new StringBuilder();
        BufferedReader reader = process.inputReader(StandardCharsets.UTF_8);
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            if (line.contains("API listen on")) {
                discard(reader);
                return Optional.empty();
            }
            said.append(line).append('\n');
        }
        return Optional.of("dockerd does not start: " + said);
    }

    private static void discard(BufferedReader reader) {
        Thread thread = new Thread(() -> {
            try {
                reader.transferTo(Writer.nullWriter());
            } catch (IOException e) {
                // the daemon has ended
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    static boolean isRunning() {
        return RUNNING.get() != null;
    }

    static URI address() {
        return URI.create("unix://" + RUNNING.get().directory.resolve("docker.sock"));
    }

    /** With all its images and containers. */
    @Override
    public void close() {
        RUNNING.set(null);
        // what runs in its namespace of processes is killed with it
        process.destroyForcibly();
        process.onExit().join();
        Run.successfully("rm", "-rf", "--one-file-system", directory.toString());
        String groups = "softwarecontainer-docker-" + directory.getFileName();
        Run.successfully(
                "find",
                "/sys/fs/cgroup",
                "-depth",
                "-type",
                "d",
                "-path",
                "*/" + groups + "*",
                "-exec",
                "rmdir",
                "{}",
                "+");
    }
}
