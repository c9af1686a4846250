package com.pelagicore.softwarecontainer.system;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The command softwarecontainer, as its start script starts it. */
final class CommandTool {

    /** How it ended, and what it wrote. */
    record Ended(int status, String output, String error) {

        JsonNode json() {
            return JsonMapper.shared().readTree(output);
        }
    }

    private final LiveAgent agent;
    private final Path directory;

    /** @param directory that it is called in, for files of its own */
    CommandTool(LiveAgent agent, Path directory) {
        this.agent = agent;
        this.directory = directory;
    }

    Ended run(String... arguments) {
        return end(start(arguments));
    }

    /** What it prints; it has to succeed, silently. */
    String output(String... arguments) {
        Ended ended = run(arguments);
        if (ended.status() != 0 || !ended.error().isEmpty()) {
            throw new AssertionError(List.of(arguments) + ": " + ended);
        }
        return ended.output().trim();
    }

    /** Does not wait for its end. */
    Process start(String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of("bin/softwarecontainer").toAbsolutePath().toString());
        command.addAll(List.of(arguments));
        return launch(command);
    }

    /** A script for Bash, in which {@code softwarecontainer} is on the path. */
    Ended bash(String script) {
        return end(launch(List.of("bash", "-c", "PATH=" + Path.of("bin").toAbsolutePath() + ":$PATH\n" + script)));
    }

    /** A script for Python, in which {@code softwarecontainer} is on the path. */
    Ended python(String script) {
        String path =
                "import os\nos.environ['PATH'] = '" + Path.of("bin").toAbsolutePath() + ":' + os.environ['PATH']\n";
        return end(launch(List.of("/usr/bin/python3", "-c", path + script)));
    }

    private Process launch(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectError(file("error"));
        builder.environment().put("DBUS_SYSTEM_BUS_ADDRESS", agent.bus().address());
        try {
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for the end. */
    Ended end(Process process) {
        try {
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(Deadlines.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("it does not end: " + output);
            }
            return new Ended(
                    process.exitValue(), output, Files.readString(file("error").toPath()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private File file(String name) {
        return directory.resolve("tool." + name).toFile();
    }
}
