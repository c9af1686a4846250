package com.pelagicore.softwarecontainer.packaging;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program that was run to its end; the output is that of both streams. */
record Run(int status, String output) {

    static Run of(Duration patience, List<String> command) {
        try {
            Path output = Files.createTempFile("run", ".out");
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectOutput(output.toFile());
            builder.environment().put("DEBIAN_FRONTEND", "noninteractive");
            builder.environment().put("LC_ALL", "C.UTF-8");
            Process process = builder.start();
            if (!process.waitFor(patience.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("no end of " + command + ": " + Files.readString(output));
            }
            Run run = new Run(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
            Files.delete(output);
            return run;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What a program prints that has to succeed, within two minutes. */
    static String successfully(String... command) {
        return of(Duration.ofMinutes(2), List.of(command)).orFail(List.of(command));
    }

    String orFail(List<String> command) {
        if (status != 0) {
            throw new AssertionError(command + " ended with " + status + ": " + output);
        }
        return output;
    }
}
