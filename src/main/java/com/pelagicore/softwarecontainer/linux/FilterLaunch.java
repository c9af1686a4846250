package com.pelagicore.softwarecontainer.linux;

import com.pelagicore.softwarecontainer.config.UserIds.Range;
import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The start of the filter: what is said until it listens. */
public final class FilterLaunch {

    /** The filter's line when its control socket is there and it is root of the host no more. */
    public static final String READY = "ready";

    /** The filter's line when it wants the users of its namespace; a line is the answer. */
    public static final String USERS = "users";

    private static final int START_SECONDS = 20;

    private FilterLaunch() {}

    /**
     * Starts it and waits until it listens; what it logs goes where the agent's log goes.
     *
     * @throws SoftwareContainerException HOST_REFUSED
     */
    static Process start(FilterProgram program, Path control) {
        ProcessBuilder builder =
                new ProcessBuilder(program.command(control)).redirectError(ProcessBuilder.Redirect.INHERIT);
        Optional<String> journal = Optional.ofNullable(builder.environment().get("JOURNAL_STREAM"));
        builder.environment().clear();
        builder.environment().put("LC_ALL", "C.UTF-8");
        journal.ifPresent(stream -> builder.environment().put("JOURNAL_STREAM", stream));
        builder.directory(Path.of("/").toFile());
        Process process = run(builder);
        try {
            awaitReady(process, program);
            return process;
        } catch (IOException e) {
            process.destroyForcibly();
            throw refused(String.valueOf(e.getMessage()), e);
        } catch (RuntimeException e) {
            process.destroyForcibly();
            throw e;
        }
    }

    private static Process run(ProcessBuilder builder) {
        try {
            return builder.start();
        } catch (IOException e) {
            throw refused(String.valueOf(e.getMessage()), e);
        }
    }

    private static void awaitReady(Process process, FilterProgram program) throws IOException {
        if (!program.otherUsers().ranges().isEmpty()) {
            await(process, USERS);
            mapUsers(process.pid(), program);
            process.outputWriter(StandardCharsets.UTF_8).append('\n').flush();
        }
        await(process, READY);
        process.getOutputStream().close();
    }

    /** Users are called inside as they are outside. */
    private static void mapUsers(long pid, FilterProgram program) throws IOException {
        Range own = new Range(program.user(), program.user());
        Stream<Range> others = program.otherUsers().ranges().stream();
        Stream<Range> users =
                program.otherUsers().contains(program.user()) ? others : Stream.concat(Stream.of(own), others);
        Path process = Path.of("/proc", Long.toString(pid));
        Files.writeString(process.resolve("gid_map"), map(Stream.of(own)));
        Files.writeString(process.resolve("uid_map"), map(users));
    }

    private static String map(Stream<Range> ranges) {
        return ranges.map(range -> range.first() + " " + range.first() + " " + range.count() + "\n")
                .collect(Collectors.joining());
    }

    private static void await(Process process, String expected) {
        CompletableFuture<Optional<String>> line = CompletableFuture.supplyAsync(() -> {
            try {
                return Optional.ofNullable(
                        process.inputReader(StandardCharsets.UTF_8).readLine());
            } catch (IOException e) {
                return Optional.empty();
            }
        });
        try {
            Optional<String> said = line.get(START_SECONDS, TimeUnit.SECONDS);
            if (!said.equals(Optional.of(expected))) {
                throw refused(said.map(text -> "it said '" + text + "'").orElse("it ended at once"));
            }
        } catch (TimeoutException | ExecutionException e) {
            throw refused("it was not ready in " + START_SECONDS + " seconds", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw refused("interrupted", e);
        }
    }

    private static SoftwareContainerException refused(String reason) {
        return new SoftwareContainerException(ErrorKind.HOST_REFUSED, message(reason));
    }

    private static SoftwareContainerException refused(String reason, Exception cause) {
        return new SoftwareContainerException(ErrorKind.HOST_REFUSED, message(reason), cause);
    }

    private static String message(String reason) {
        return "the D-Bus filter could not be started: " + reason;
    }
}
