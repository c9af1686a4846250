package com.pelagicore.softwarecontainer.system;

import com.pelagicore.softwarecontainer.system.BusMessage.Target;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A bus connection that sends, and never reads what it gets, but for the beginning. */
final class DeafClient implements AutoCloseable {

    private static final String BUS = "org.freedesktop.DBus";
    private static final Target HELLO = new Target("/org/freedesktop/DBus", BUS, "Hello");
    private static final Target MATCH = new Target("/org/freedesktop/DBus", BUS, "AddMatch");
    private static final Target INTROSPECT =
            new Target(AgentClient.PATH, "org.freedesktop.DBus.Introspectable", "Introspect");
    private static final byte[] NOTHING = new byte[0];

    private final SocketChannel socket;
    private long serial;

    DeafClient(Path busSocket) {
        try {
            socket = SocketChannel.open(UnixDomainSocketAddress.of(busSocket));
            socket.write(StandardCharsets.US_ASCII.encode("\0AUTH EXTERNAL\r\nDATA\r\n"));
            ByteBuffer answers = ByteBuffer.allocate(1024);
            while (!StandardCharsets.US_ASCII
                    .decode(answers.duplicate().flip())
                    .toString()
                    .contains("OK ")) {
                if (socket.read(answers) < 0) {
                    throw new IOException("the bus hung up");
                }
            }
            socket.write(StandardCharsets.US_ASCII.encode("BEGIN\r\n"));
            call(BUS, HELLO, "", NOTHING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Asks for all signals that a rule fits. */
    void match(String rule) {
        call(BUS, MATCH, "s", WireWriter.body("s", rule));
    }

    /** Asks the agent for an answer of 8 kB so many times; waits if the bus takes no more. */
    void introspect(int times) {
        for (int i = 0; i < times; i++) {
            call(AgentClient.NAME, INTROSPECT, "", NOTHING);
        }
    }

    private void call(String destination, Target target, String signature, byte[] body) {
        ByteBuffer rest = ByteBuffer.wrap(BusMessage.call(++serial, destination, target, signature, body));
        try {
            while (rest.hasRemaining()) {
                socket.write(rest);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
