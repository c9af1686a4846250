package com.pelagicore.softwarecontainer.bus;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A dbus-daemon of the test's own. */
public final class PrivateBus implements AutoCloseable {

    private static final String CONFIG =
            """
            <!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
             "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
            <busconfig>
              <type>session</type>
              <listen>%s</listen>
              <auth>EXTERNAL</auth>
              <policy context="default">
                <allow send_destination="*"/>
                <allow receive_sender="*"/>
                <allow own="*"/>
              </policy>
            </busconfig>
            """;

    private final Process daemon;
    private final String address;

    private PrivateBus(Process daemon, String address) {
        this.daemon = daemon;
        this.address = address;
    }

    public static PrivateBus onPath(Path directory) {
        return start(directory, "unix:path=" + directory.resolve("bus.socket"));
    }

    public static PrivateBus onAbstractName(Path directory) {
        return start(directory, "unix:abstract=" + directory.resolve("bus.socket"));
    }

    /** As the bus says it, with its guid. */
    public String address() {
        return address;
    }

    /** Ends it without farewell. */
    public void kill() {
        daemon.destroyForcibly();
    }

    @Override
    public void close() {
        try {
            daemon.destroy();
            if (!daemon.waitFor(10, TimeUnit.SECONDS)) {
                daemon.destroyForcibly();
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static PrivateBus start(Path directory, String listen) {
        try {
            Path config = Files.writeString(directory.resolve("bus.conf"), CONFIG.formatted(listen));
            Process daemon = new ProcessBuilder(
                            "dbus-daemon", "--config-file=" + config, "--nofork", "--nopidfile", "--print-address")
                    .redirectError(directory.resolve("bus.log").toFile())
                    .start();
            BufferedReader output =
                    new BufferedReader(new InputStreamReader(daemon.getInputStream(), StandardCharsets.UTF_8));
            String address = output.readLine();
            if (address == null) {
                throw new IllegalStateException("dbus-daemon: " + Files.readString(directory.resolve("bus.log")));
            }
            return new PrivateBus(daemon, address);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
