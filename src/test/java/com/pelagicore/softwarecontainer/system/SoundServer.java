package com.pelagicore.softwarecontainer.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/** A PulseAudio server that nothing can be heard of; what is played can be recorded. */
final class SoundServer implements AutoCloseable {

    static final int RATE = 44100;

    private static final int LOUD = 1000;

    private final Path directory;
    private Process server;

    /** Starts it in an empty directory. */
    SoundServer(Path directory) {
        this.directory = directory;
        start();
    }

    Path socket() {
        return directory.resolve("run/native");
    }

    /** Ends it and starts another: its socket goes, with the directory, and comes back. */
    void restart() {
        close();
        Trees.delete(socket().getParent());
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
                        "module-null-sink sink_name=lab rate=" + RATE + " channels=1")
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("pulseaudio.log").toFile());
        builder.environment().put("HOME", directory.toString());
        builder.environment().put("XDG_RUNTIME_DIR", directory.toString());
        builder.environment().keySet().removeIf(name -> name.startsWith("PULSE_") || name.startsWith("DBUS_"));
        try {
            Files.createDirectory(socket().getParent());
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
        ProcessBuilder recorder = new ProcessBuilder(
                        "parec",
                        "-d",
                        "lab.monitor",
                        "--raw",
                        "--format=s16le",
                        "--rate=" + RATE,
                        "--channels=1",
                        "--latency-msec=50")
                .redirectError(directory.resolve("parec.log").toFile());
        recorder.environment().put("PULSE_SERVER", "unix:" + socket());
        recorder.environment().put("HOME", directory.toString());
        try {
            Process recording = recorder.start();
            try (DataInputStream sound = new DataInputStream(new BufferedInputStream(recording.getInputStream()))) {
                CompletableFuture<Short> listening = CompletableFuture.supplyAsync(() -> sample(sound));
                Deadlines.get(listening);
                CompletableFuture<Double> heard = CompletableFuture.supplyAsync(() -> frequency(sound));
                player.run();
                return Deadlines.get(heard);
            } finally {
                recording.destroy();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Of half a second that begins with something loud. A wave crosses zero twice. */
    private static double frequency(DataInputStream sound) {
        int previous = 0;
        while (Math.abs(previous) < LOUD) {
            previous = sample(sound);
        }
        int crossings = 0;
        int samples = RATE / 2;
        for (int i = 0; i < samples; i++) {
            int next = sample(sound);
            crossings += Integer.signum(next) * Integer.signum(previous) < 0 ? 1 : 0;
            previous = next == 0 ? previous : next;
        }
        return crossings / 2.0 * RATE / samples;
    }

    private static short sample(DataInputStream sound) {
        try {
            return Short.reverseBytes(sound.readShort());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes a sine wave as WAV file. */
    static Path writeTone(Path file, int frequency, int seconds) throws IOException {
        int samples = RATE * seconds;
        ByteBuffer wave = ByteBuffer.allocate(44 + 2 * samples).order(ByteOrder.LITTLE_ENDIAN);
        wave.put("RIFF".getBytes(StandardCharsets.US_ASCII))
                .putInt(36 + 2 * samples)
                .put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII));
        wave.putInt(16).putShort((short) 1).putShort((short) 1).putInt(RATE).putInt(2 * RATE);
        wave.putShort((short) 2)
                .putShort((short) 16)
                .put("data".getBytes(StandardCharsets.US_ASCII))
                .putInt(2 * samples);
        for (int i = 0; i < samples; i++) {
            wave.putShort((short) (16000 * Math.sin(2 * Math.PI * frequency * i / RATE)));
        }
        return Files.write(file, wave.array());
    }

    @Override
    public void close() {
        server.destroy();
        Deadlines.get(server.onExit());
    }
}
