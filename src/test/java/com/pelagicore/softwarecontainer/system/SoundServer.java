package com.pelagicore.softwarecontainer.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A PulseAudio server that nothing can be heard of; what is played can be recorded. */
final class SoundServer implements AutoCloseable {

    private final Path directory;
    private Process server;

    /** Starts it in an empty directory. */
    SoundServer(Path directory) {
        this.directory = directory;
        start();
    }

    Path socket() {
        return runtimeDirectory().resolve("pulse/native");
    }

    /** Where clients look for the socket. */
    Path runtimeDirectory() {
        return directory.resolve("run");
    }

    /** Ends it and starts another: its socket goes, with the directory, and comes back. */
    void restart() {
        close();
        Trees.delete(runtimeDirectory());
        start();
    }

    /** -n: nothing of the machine's configuration, and so no bus, no udev and no card is used. */
    private void start() {
        ProcessBuilder builder = new ProcessBuilder(
                        "pulseaudio",
                        "-n",
                        "--daemonize=no",
                        "--exit-idle-time=-1",
                        "--use-pid-file=0",
                        "--log-target=stderr",
                        "--log-level=error",
                        "-L",
                        "module-native-protocol-unix auth-anonymous=1 socket=" + socket(),
                        "-L",
                        "module-null-sink sink_name=lab rate=" + Tone.RATE + " channels=1")
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("pulseaudio.log").toFile());
        builder.environment().put("HOME", directory.toString());
        builder.environment().put("XDG_RUNTIME_DIR", directory.toString());
        builder.environment().keySet().removeIf(name -> name.startsWith("PULSE_") || name.startsWith("DBUS_"));
        try {
            Files.createDirectories(socket().getParent());
            server = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        try {
            Deadlines.await(() -> {
                assertThat(server.isAlive()).as("pulseaudio runs").isTrue();
                return Files.exists(socket());
            });
        } catch (AssertionError failed) {
            server.destroy();
            throw failed;
        }
    }

    /** The frequency of the tone that is heard while something runs. */
    double frequencyHeard(Runnable player) {
        return Tone.frequencyHeard(socket(), directory, player);
    }

    @Override
    public void close() {
        server.destroy();
        Deadlines.get(server.onExit());
    }
}
