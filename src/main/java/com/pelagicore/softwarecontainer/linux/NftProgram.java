package com.pelagicore.softwarecontainer.linux;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.Quoted;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The program nft(8). A process of its own: libnftables ends its process when it finds itself broken. */
final class NftProgram {

    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final int MAX_REASON = 300;

    private final String program;

    /** The one of the PATH. */
    NftProgram() {
        this("nft");
    }

    /** Another one, that takes the same arguments. */
    NftProgram(String program) {
        this.program = program;
    }

    /** HOST_REFUSED if there is no such program: then it could not undo either. */
    void requireInstalled() {
        boolean installed = Stream.of(System.getenv().getOrDefault("PATH", "").split(":", -1))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
        if (!installed) {
            throw new SoftwareContainerException(
                    ErrorKind.HOST_REFUSED, "The program nft, of package nftables, is not installed");
        }
    }

    /** Applies a script as one transaction, all of it, or an exception. What it lists is returned. */
    String run(String script) {
        try (Running running = start(script)) {
            return running.await();
        }
    }

    /** What is in a table, as JSON; empty if there is no such table, or this nft cannot tell. */
    Optional<String> list(String table) {
        try (Running running = new Running(begin("list table inet " + table, "-j", "-f", "-"), Duration.ZERO)) {
            return Optional.of(running.await());
        } catch (SoftwareContainerException refused) {
            return Optional.empty();
        }
    }

    /** Begins to apply a script as one transaction; the caller closes it. */
    Running start(String script) {
        return new Running(begin(script, "-a", "-f", "-"), TIMEOUT);
    }

    /** As {@link #start} with a script that only lists: nobody has to wait for its end. */
    Running startListing(String script) {
        return new Running(begin(script, "-a", "-f", "-"), Duration.ZERO);
    }

    private Process begin(String script, String... options) {
        ProcessBuilder command = new ProcessBuilder(program).redirectErrorStream(true);
        command.command().addAll(List.of(options));
        command.environment().keySet().retainAll(Set.of("PATH"));
        command.directory(Path.of("/").toFile());
        try {
            Process process = command.start();
            CompletableFuture<Process> ignored = process.onExit()
                    .orTimeout(TIMEOUT.toSeconds(), TimeUnit.SECONDS)
                    .exceptionally(late -> process.destroyForcibly());
            try (OutputStream input = process.getOutputStream()) {
                input.write(script.getBytes(StandardCharsets.US_ASCII));
            }
            return process;
        } catch (IOException e) {
            throw notRun(e);
        }
    }

    private static SoftwareContainerException notRun(IOException e) {
        return new SoftwareContainerException(
                ErrorKind.HOST_REFUSED, "nft, of package nftables, cannot be run: " + e.getMessage(), e);
    }

    /**
     * A script that is being applied.
     *
     * @param patience how long it may go on when nobody awaits it
     */
    record Running(Process process, Duration patience) implements AutoCloseable {

        /** Returns what it listed when it is applied, all of it, or throws. */
        String await() {
            try {
                String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                if (!endsWithin(TIMEOUT)) {
                    throw new SoftwareContainerException(ErrorKind.TIMED_OUT, "nft did not end in time");
                }
                if (process.exitValue() != 0) {
                    throw new SoftwareContainerException(
                            ErrorKind.HOST_REFUSED,
                            "The network rules were refused by nft: " + Quoted.line(printed.strip(), MAX_REASON));
                }
                return printed;
            } catch (IOException e) {
                throw notRun(e);
            }
        }

        /** Returns when nothing is applied any more. */
        @Override
        public void close() {
            if (!endsWithin(patience)) {
                process.destroyForcibly();
            }
        }

        private boolean endsWithin(Duration time) {
            try {
                return process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", e);
            }
        }
    }
}
