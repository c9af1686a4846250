package com.pelagicore.softwarecontainer.linux;

import com.pelagicore.softwarecontainer.busfilter.ControlRequest;
import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * How to start the filter: the Java and the jar that this agent runs, with a smaller heap.
 *
 * @param mainClass of the filter
 * @param user uid that it runs as
 */
public record FilterProgram(String mainClass, int user) {

    /** The line by which the filter says that its control socket is there. */
    public static final String READY = "ready";

    private static final int START_SECONDS = 20;
    /** Set by bin/softwarecontainer-agent. */
    private static final String CLASS_ARCHIVE = "softwarecontainer.class-archive";

    private static final String JNA_PATH = "jna.boot.library.path";

    /** What filters have in common that do the same: protocol, program and user. */
    String identity() {
        Path code = Path.of(System.getProperty("java.class.path").split(":", 2)[0]);
        try {
            BasicFileAttributes file = Files.readAttributes(code, BasicFileAttributes.class);
            return String.join(
                    " ",
                    Integer.toString(ControlRequest.VERSION),
                    file.lastModifiedTime().toString(),
                    Long.toString(file.size()),
                    Integer.toString(user));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts it and waits until it listens; what it logs goes where the agent's log goes. */
    Process start(Path control) {
        ProcessBuilder builder = new ProcessBuilder(command(control)).redirectError(ProcessBuilder.Redirect.INHERIT);
        Optional<String> journal = Optional.ofNullable(builder.environment().get("JOURNAL_STREAM"));
        builder.environment().clear();
        builder.environment().put("LC_ALL", "C.UTF-8");
        journal.ifPresent(stream -> builder.environment().put("JOURNAL_STREAM", stream));
        builder.directory(Path.of("/").toFile());
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            awaitReady(process);
            return process;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void awaitReady(Process process) {
        CompletableFuture<Optional<String>> line = CompletableFuture.supplyAsync(() -> {
            try {
                return Optional.ofNullable(
                        process.inputReader(StandardCharsets.UTF_8).readLine());
            } catch (IOException e) {
                return Optional.empty();
            }
        });
        try {
            if (line.get(START_SECONDS, TimeUnit.SECONDS).filter(READY::equals).isEmpty()) {
                throw refused("it ended at once");
            }
        } catch (TimeoutException | ExecutionException e) {
            process.destroyForcibly();
            throw refused("it was not ready in " + START_SECONDS + " seconds");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
            throw refused("interrupted");
        }
    }

    private static SoftwareContainerException refused(String reason) {
        return new SoftwareContainerException(
                ErrorKind.HOST_REFUSED, "the D-Bus filter could not be started: " + reason);
    }

    private List<String> command(Path control) {
        String classPath = System.getProperty("java.class.path");
        List<String> command = new ArrayList<>(List.of(
                // of util-linux; from inside it would reach one thread of the JVM only
                "setpriv",
                "--no-new-privs",
                "--",
                ProcessHandle.current().info().command().orElse("java"),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xms4m",
                "-Xmx24m",
                "-Xss512k",
                "-XX:MaxDirectMemorySize=256m",
                "-XX:ReservedCodeCacheSize=16m",
                "-XX:+ExitOnOutOfMemoryError",
                "-XX:-UsePerfData",
                "--enable-native-access=ALL-UNNAMED"));
        Optional.ofNullable(System.getProperty(JNA_PATH)).ifPresent(path -> command.add("-D" + JNA_PATH + "=" + path));
        Optional.ofNullable(System.getProperty(CLASS_ARCHIVE))
                .filter(archive -> Files.exists(Path.of(archive)))
                .ifPresent(archive ->
                        command.addAll(List.of("-Xshare:auto", "-XX:SharedArchiveFile=" + archive, "-Xlog:cds=off")));
        command.addAll(List.of("-cp", classPath, mainClass, control.toString(), Integer.toString(user), identity()));
        return List.copyOf(command);
    }
}
