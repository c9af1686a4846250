package com.pelagicore.softwarecontainer.system;

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

/** A tone to be played, and what is heard of it at the sink "lab" of a sound server. */
final class Tone {

    static final int RATE = 44100;

    private static final int LOUD = 1000;

    private Tone() {}

    /**
     * The frequency of the tone that is heard while something runs.
     *
     * @param home for files of the program that listens
     */
    static double frequencyHeard(Path socket, Path home, Runnable player) {
        ProcessBuilder recorder = new ProcessBuilder(
                        "parec",
                        "-d",
                        "lab.monitor",
                        "--raw",
                        "--format=s16le",
                        "--rate=" + RATE,
                        "--channels=1",
                        "--latency-msec=50")
                .redirectError(home.resolve("parec.log").toFile());
        recorder.environment().put("PULSE_SERVER", "unix:" + socket);
        recorder.environment().put("HOME", home.toString());
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
    static Path write(Path file, int frequency, int seconds) throws IOException {
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
}
