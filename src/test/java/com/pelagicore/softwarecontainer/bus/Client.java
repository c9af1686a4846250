package com.pelagicore.softwarecontainer.bus;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What a D-Bus client program said.
 *
 * @param status exit status
 */
public record Client(int status, String output, String error) {

    /** Runs a client program to its end. */
    public static Client run(Map<String, String> environment, List<String> command) {
        try {
            Path output = Files.createTempFile("client", ".out");
            Path error = Files.createTempFile("client", ".err");
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectOutput(output.toFile()).redirectError(error.toFile());
            builder.environment().put("LC_ALL", "C.UTF-8");
            builder.environment().putAll(environment);
            Process process = builder.start();
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException("no end of " + command);
            }
            Client result = new Client(process.exitValue(), Files.readString(output), Files.readString(error));
            Files.delete(output);
            Files.delete(error);
            return result;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
