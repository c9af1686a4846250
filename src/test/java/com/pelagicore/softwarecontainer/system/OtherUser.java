package com.pelagicore.softwarecontainer.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A user of the host who is not root, with processes that are really his. Connections go through one of them, which
 * only passes bytes on, so that clients in this JVM are his clients for the bus.
 */
final class OtherUser implements AutoCloseable {

    /** Of the agents under test. */
    static final int ACCESS_GROUP = 4242;

    /** Accounts that every Debian has, mail, news and uucp: the bus refuses users that the host does not know. */
    static final int BOB = 8;

    static final int EVE = 9;
    static final int CAROL = 10;

    private static final String PASS_ON =
            """
            import socket, sys, threading
            def pump(source, target):
                try:
                    while data := source.recv(65536):
                        target.sendall(data)
                except OSError:
                    pass
                for end in (source, target):
                    try:
                        end.shutdown(socket.SHUT_RDWR)
                    except OSError:
                        pass
            door = socket.socket(socket.AF_UNIX)
            door.bind(sys.argv[1])
            door.listen(64)
            print('ready', flush=True)
            while True:
                client = door.accept()[0]
                bus = socket.socket(socket.AF_UNIX)
                bus.connect(sys.argv[2])
                for ends in ((client, bus), (bus, client)):
                    threading.Thread(target=pump, args=ends, daemon=True).start()
            """;

    private final int uid;
    private final List<String> identity;
    private final Path home;
    private final Process relay;

    private OtherUser(LiveAgent agent, int uid, int... groups) {
        this.uid = uid;
        String supplementary = groups.length == 0
                ? "--clear-groups"
                : "--groups=" + IntStream.of(groups).mapToObj(String::valueOf).collect(Collectors.joining(","));
        identity = List.of("setpriv", "--reuid=" + uid, "--regid=" + uid, supplementary);
        home = agent.directory().resolve("home-" + uid);
        try {
            Files.createDirectory(home);
            giveTo(home);
            relay = run(
                    "/usr/bin/python3",
                    "-c",
                    PASS_ON,
                    socket().toString(),
                    agent.bus().socket().toString());
            String line = relay.inputReader(StandardCharsets.UTF_8).readLine();
            if (!"ready".equals(line)) {
                throw new AssertionError("the relay of user " + uid + " says '" + line + "'");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One in the access group. */
    static OtherUser member(LiveAgent agent, int uid) {
        return new OtherUser(agent, uid, ACCESS_GROUP);
    }

    static OtherUser stranger(LiveAgent agent, int uid) {
        return new OtherUser(agent, uid);
    }

    int uid() {
        return uid;
    }

    /** A directory of his own. */
    Path home() {
        return home;
    }

    /** Where the bus takes a connection for his. */
    Path socket() {
        return home.resolve("bus");
    }

    AgentClient connect() {
        return new AgentClient(socket(), home);
    }

    /** Starts a program of his; it prints to its standard output. */
    Process run(String... command) {
        List<String> all = new ArrayList<>(identity);
        all.addAll(List.of(command));
        try {
            return new ProcessBuilder(all).redirectErrorStream(true).start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes a file his. */
    void giveTo(Path file) {
        try {
            Files.setAttribute(file, "unix:uid", uid);
            Files.setAttribute(file, "unix:gid", uid);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        relay.destroyForcibly();
        try {
            if (!relay.waitFor(Deadlines.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("the relay of user " + uid + " does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Trees.delete(home);
    }
}
