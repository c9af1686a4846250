package com.pelagicore.softwarecontainer.vm;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** A throw-away Debian machine: src/test/vm/vm-run. */
public final class VirtualMachine {

    /** How it ended: the script's exit status (125: the machine failed, 124: it took too long), and what it printed. */
    public record Ended(int status, String output) {}

    private VirtualMachine() {}

    /** Why this host can have none; empty: it can. */
    public static Optional<String> obstacle() {
        Ended answer = start(List.of("-n"), line -> {});
        return answer.status() == 0
                ? Optional.empty()
                : Optional.of(answer.output().strip());
    }

    /**
     * Runs a bash script as root and prints what it prints. The first run on a host makes the image, which takes some
     * minutes; the limit does not count that.
     *
     * @param shared directory of the host that is /host there, where the script starts
     */
    public static Ended run(Path shared, String script, Duration limit) {
        try {
            Path file = Files.createTempFile("vm-script", null);
            try {
                Files.writeString(file, script);
                String seconds = Long.toString(limit.toSeconds());
                return start(
                        List.of("-d", shared.toString(), "-t", seconds, "-s", file.toString()), System.out::println);
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Ended start(List<String> arguments, Consumer<String> reader) {
        List<String> command = new ArrayList<>(List.of("src/test/vm/vm-run"));
        command.addAll(arguments);
        StringBuilder output = new StringBuilder();
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    reader.accept(line);
                    output.append(line).append('\n');
                }
                return new Ended(process.waitFor(), output.toString());
            } finally {
                process.destroy();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
