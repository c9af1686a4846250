package com.pelagicore.softwarecontainer.busfilter;

import com.pelagicore.softwarecontainer.error.Quoted;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import com.pelagicore.softwarecontainer.spec.BusRule.Direction;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

/** One bus of the host as one container sees it: a socket to connect to, and who has. */
final class FilteredBus {

    /** Clients of one container on one bus at a time; more are hung up on. */
    static final int MAXIMUM_CONNECTIONS = 32;

    private static final int MAXIMUM_LOGGED = 300;

    private final Supplier<FilterSocket> host;
    private final Events events;
    private final Policy policy;
    private final FilterLog log;
    private final String guid;
    private final Set<ClientConnection> connections = new HashSet<>();
    private Optional<FilterListener> listener = Optional.empty();

    /** @param host connects to the host's bus, or throws a {@link SoftwareContainerException} */
    FilteredBus(Supplier<FilterSocket> host, Events events, Policy policy, FilterLog log) {
        this.host = host;
        this.events = events;
        this.policy = policy;
        this.log = log;
        HexFormat hex = HexFormat.of();
        ThreadLocalRandom random = ThreadLocalRandom.current();
        this.guid = hex.toHexDigits(random.nextLong()) + hex.toHexDigits(random.nextLong());
    }

    /** Takes connections from this socket, and from an earlier one no more. */
    void listenAt(FilterListener socket) {
        retire();
        listener = Optional.of(socket);
        events.watch(socket, (readable, writable) -> accept(socket));
    }

    /** Takes no more connections; those that exist go on. */
    void retire() {
        listener.ifPresent(socket -> {
            events.forget(socket);
            socket.close();
        });
        listener = Optional.empty();
    }

    /** Hangs up on all clients. */
    void close() {
        retire();
        List.copyOf(connections).forEach(this::end);
    }

    /** False: retired, and the last client has gone. */
    boolean isNeeded() {
        return listener.isPresent() || !connections.isEmpty();
    }

    /** Another descriptor of the listening socket. */
    PassedDescriptor socket() {
        return listener.map(FilterListener::share).orElseThrow(() -> new IllegalArgumentException("retired"));
    }

    Policy policy() {
        return policy;
    }

    /** Of the server that clients see: 32 hexadecimal digits. */
    String guid() {
        return guid;
    }

    void end(ClientConnection connection) {
        connections.remove(connection);
        connection.close();
    }

    void log(String line) {
        log.write(Quoted.line(line, MAXIMUM_LOGGED));
    }

    void logDenied(Direction direction, MessageHeader message) {
        log("denied " + direction.name().toLowerCase(Locale.ROOT) + " " + message.subject());
    }

    private void accept(FilterListener socket) {
        try {
            socket.accept().ifPresent(this::serve);
        } catch (SoftwareContainerException e) {
            log("connections wait: " + e.getMessage());
            events.pause(socket, FilterListener.RECOVERY);
        }
    }

    private void serve(FilterSocket client) {
        if (connections.size() >= MAXIMUM_CONNECTIONS) {
            log("connection closed: there are " + MAXIMUM_CONNECTIONS + " already");
            client.close();
            return;
        }
        try {
            ClientConnection connection = new ClientConnection(this, events, client, host.get());
            connections.add(connection);
            connection.start();
        } catch (SoftwareContainerException e) {
            log("connection closed: " + e.getMessage());
            client.close();
        }
    }
}
