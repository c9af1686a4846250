package com.pelagicore.softwarecontainer.supervision;

import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the service manager what the agent is about (sd_notify(3)). That nobody listens harms nobody: nothing is
 * thrown. Thread-safe.
 */
public final class ServiceNotifier {

    private static final Logger LOG = LoggerFactory.getLogger(ServiceNotifier.class);

    private final Optional<DatagramTarget> manager;

    /** @param manager empty: the agent was not started by a service manager that wants to know */
    public ServiceNotifier(Optional<DatagramTarget> manager) {
        this.manager = manager;
    }

    /** From now on calls are answered. */
    public void ready(String status) {
        send("READY=1\n" + statusLine(status));
    }

    /** What {@code systemctl status} shows. */
    public void status(String status) {
        send(statusLine(status));
    }

    /** The sign of life that the watchdog waits for. */
    public void alive() {
        send("WATCHDOG=1");
    }

    /**
     * The agent ends by itself now.
     *
     * @param patience how long that may take; positive
     */
    public void stopping(String status, Duration patience) {
        send("STOPPING=1\n" + statusLine(status) + "\nEXTEND_TIMEOUT_USEC=" + patience.toNanos() / 1000);
    }

    /** One line: what follows a line break would be another assignment. */
    private static String statusLine(String status) {
        return "STATUS=" + status.replaceAll("\\p{Cntrl}+", " ");
    }

    private void send(String assignments) {
        try {
            manager.ifPresent(socket -> socket.send(assignments.getBytes(StandardCharsets.UTF_8)));
        } catch (SoftwareContainerException e) {
            LOG.warn("the service manager cannot be told {}: {}, ignoring", assignments, e.getMessage());
        }
    }
}
