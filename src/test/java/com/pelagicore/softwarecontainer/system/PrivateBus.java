package com.pelagicore.softwarecontainer.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A dbus-daemon that only these tests use; its limits are small enough to be tried. */
final class PrivateBus implements AutoCloseable {

    private static final String CONFIG =
            """
            <!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
              "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
            <busconfig>
              <listen>unix:path=%s</listen>
              <auth>EXTERNAL</auth>
              <policy context="default">
                <allow user="*"/>
                <allow own="*"/>
                <allow send_destination="*" eavesdrop="true"/>
                <allow receive_sender="*"/>
              </policy>
            </busconfig>
            """;

    private final Path socket;
    private final Path config;
    private Process daemon;

    PrivateBus(Path directory) {
        this(directory, "bus");
    }

    /** @param name of the socket; more than one can be in a directory */
    PrivateBus(Path directory, String name) {
        socket = directory.resolve(name);
        config = directory.resolve(name + ".conf");
        start();
    }

    private void start() {
        Path log = Path.of(socket + ".log");
        try {
            Files.writeString(config, CONFIG.formatted(socket));
            daemon = new ProcessBuilder(
                            "dbus-daemon", "--config-file=" + config, "--nofork", "--nopidfile", "--print-address=1")
                    .redirectError(log.toFile())
                    .start();
            // the address comes when the bus can be reached
            String printed = daemon.inputReader(StandardCharsets.UTF_8).readLine();
            if (printed == null) {
                throw new IOException("dbus-daemon ended: " + Files.readString(log));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@code kill -9}, and another one in its place. */
    void crashAndRestart() {
        daemon.destroyForcibly();
        Deadlines.get(daemon.onExit());
        start();
    }

    Path socket() {
        return socket;
    }

    String address() {
        return "unix:path=" + socket;
    }

    long pid() {
        return daemon.pid();
    }

    @Override
    public void close() {
        daemon.destroy();
        try {
            if (!daemon.waitFor(Deadlines.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                daemon.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            daemon.destroyForcibly();
        }
    }
}
