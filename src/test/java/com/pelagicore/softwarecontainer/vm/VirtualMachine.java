package com.pelagicore.softwarecontainer.vm;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** A throw-away Debian machine: src/test/vm/vm-run. */
public final class VirtualMachine {

    /** How it ended: the script's exit status (125: the machine failed, 124: it took too long), and what it printed. */
    public record Ended(int status, String output) {}

    private static final Path PROGRAM = Path.of("src/test/vm/vm-run");

    private VirtualMachine() {}

    /** Why this host can have none; empty: it can. */
    public static Optional<String> obstacle() {
        if (!System.getProperty("os.arch").equals("amd64")) {
            return Optional.of(
                    "its image is made of Debian's packages for amd64, and this is " + System.getProperty("os.arch"));
        }
        if (!Files.isExecutable(Path.of("/usr/bin/apt-get"))) {
            return Optional.of("its image is made of Debian's packages, and this host has no apt-get");
        }
        return Optional.empty();
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
                return run(new ProcessBuilder(
                        PROGRAM.toAbsolutePath().toString(),
                        "-d",
                        shared.toString(),
                        "-t",
                        Long.toString(limit.toSeconds()),
                        "-s",
                        file.toString()));
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static Ended run(ProcessBuilder builder) throws IOException, InterruptedException {
        Process process = builder.redirectErrorStream(true).start();
        StringBuilder output = new StringBuilder();
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                System.out.println(line);
                output.append(line).append('\n');
            }
            return new Ended(process.waitFor(), output.toString());
        } finally {
            process.destroy();
        }
    }
}
