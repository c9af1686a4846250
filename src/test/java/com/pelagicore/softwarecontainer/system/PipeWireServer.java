package com.pelagicore.softwarecontainer.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.Deque;

/** PipeWire with a sink that can be recorded, and with a socket for clients of PulseAudio. */
final class PipeWireServer implements AutoCloseable {

    private final Path directory;
    private final PrivateBus bus;
    private final Deque<Process> programs = new ArrayDeque<>();

    /** Starts it in an empty directory. */
    PipeWireServer(Path directory) {
        this.directory = directory;
        bus = new PrivateBus(directory);
        makeRuntimeDirectory();
        try {
            start("pipewire", runtimeDirectory().resolve("pipewire-0"));
            start("wireplumber", runtimeDirectory().resolve("pipewire-0"));
            start("pipewire-pulse", socket());
            pactl("load-module", "module-null-sink", "sink_name=lab", "rate=" + Tone.RATE, "channels=1");
            Deadlines.await(() -> pactl("list", "short", "sources").contains("lab.monitor"));
        } catch (RuntimeException | AssertionError failed) {
            close();
            throw failed;
        }
    }

    /** Where clients look for the socket. */
    Path runtimeDirectory() {
        return directory.resolve("run");
    }

    Path socket() {
        return runtimeDirectory().resolve("pulse/native");
    }

    private void makeRuntimeDirectory() {
        try {
            Files.createDirectory(
                    runtimeDirectory(),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void start(String program, Path awaited) {
        ProcessBuilder builder = new ProcessBuilder(program)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve(program + ".log").toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("PULSE_"));
        builder.environment().put("HOME", directory.toString());
        builder.environment().put("XDG_RUNTIME_DIR", runtimeDirectory().toString());
        builder.environment().put("DBUS_SESSION_BUS_ADDRESS", bus.address());
        try {
            Process process = builder.start();
            programs.push(process);
            Deadlines.await(() -> {
                assertThat(process.isAlive()).as(program + " runs").isTrue();
                return Files.exists(awaited);
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String pactl(String... arguments) {
        String[] command = new String[arguments.length + 3];
        command[0] = "pactl";
        command[1] = "-s";
        command[2] = "unix:" + socket();
        System.arraycopy(arguments, 0, command, 3, arguments.length);
        return Programs.run(command);
    }

    /** The frequency of the tone that is heard while something runs. */
    double frequencyHeard(Runnable player) {
        return Tone.frequencyHeard(socket(), directory, player);
    }

    @Override
    public void close() {
        programs.forEach(program -> {
            program.destroy();
            Deadlines.get(program.onExit());
        });
        bus.close();
    }
}
