package com.pelagicore.softwarecontainer.system;

import com.pelagicore.softwarecontainer.system.BusMessage.Target;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** A connection to a bus, as a client has it. Calls may be made from any thread and pipelined. */
final class BusClient implements AutoCloseable {

    private static final String BUS = "org.freedesktop.DBus";

    private final SocketChannel socket;
    private final DataInputStream in;
    private final AtomicLong serials = new AtomicLong();
    private final Map<Long, CompletableFuture<List<Object>>> pending = new ConcurrentHashMap<>();
    private final Consumer<BusMessage> signals;
    private final String uniqueName;

    /**
     * @param signals hears every signal that a match rule asked for, from one thread
     */
    BusClient(Path busSocket, Consumer<BusMessage> signals) {
        this.signals = signals;
        try {
            socket = SocketChannel.open(UnixDomainSocketAddress.of(busSocket));
            in = new DataInputStream(new BufferedInputStream(Channels.newInputStream(socket)));
            authenticate();
        } catch (IOException e) {
            throw new UncheckedIOException("bus at " + busSocket, e);
        }
        Thread reader = new Thread(this::readMessages, "test-bus-client");
        reader.setDaemon(true);
        reader.start();
        uniqueName = (String)
                call(BUS, new Target("/org/freedesktop/DBus", BUS, "Hello"), "").get(0);
    }

    String uniqueName() {
        return uniqueName;
    }

    /** Asks for signals. */
    void match(String rule) {
        call(BUS, new Target("/org/freedesktop/DBus", BUS, "AddMatch"), "s", rule);
    }

    boolean hasOwner(String name) {
        return (Boolean) call(BUS, new Target("/org/freedesktop/DBus", BUS, "NameHasOwner"), "s", name)
                .get(0);
    }

    /** Calls and waits for the answer. */
    List<Object> call(String destination, Target target, String signature, Object... arguments) {
        return Deadlines.get(send(destination, target, signature, WireWriter.body(signature, arguments)));
    }

    /** Sends a call; the body may be anything. Fails with {@link BusError} or, if the bus hangs up, IOException. */
    CompletableFuture<List<Object>> send(String destination, Target target, String signature, byte[] body) {
        long serial = serials.incrementAndGet();
        CompletableFuture<List<Object>> answer = new CompletableFuture<>();
        pending.put(serial, answer);
        try {
            write(BusMessage.call(serial, destination, target, signature, body));
        } catch (IOException e) {
            answer.completeExceptionally(e);
        }
        return answer;
    }

    /** Broadcasts a signal. */
    void signal(Target target, String signature, Object... arguments) {
        byte[] body = WireWriter.body(signature, arguments);
        try {
            write(BusMessage.signal(serials.incrementAndGet(), target, signature, body));
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

    /** SASL EXTERNAL: who we are is what the kernel says. */
    private void authenticate() throws IOException {
        socket.write(StandardCharsets.US_ASCII.encode("\0AUTH EXTERNAL\r\nDATA\r\nBEGIN\r\n"));
        for (String expected : List.of("DATA", "OK")) {
            String line = line();
            if (!line.startsWith(expected)) {
                throw new IOException("the bus said '" + line + "'");
            }
        }
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        int next = in.readByte();
        while (next != '\n') {
            line.append((char) next);
            next = in.readByte();
        }
        return line.toString().trim();
    }

    private synchronized void write(byte[] message) throws IOException {
        ByteBuffer rest = ByteBuffer.wrap(message);
        while (rest.hasRemaining()) {
            socket.write(rest);
        }
    }

    private void readMessages() {
        try {
            while (true) {
                accept(BusMessage.read(in));
            }
        } catch (IOException e) {
            pending.values().forEach(answer -> answer.completeExceptionally(e));
        }
    }

    private void accept(BusMessage message) {
        if (message.type() == BusMessage.SIGNAL) {
            signals.accept(message);
            return;
        }
        CompletableFuture<List<Object>> answer = pending.remove(message.replySerial());
        if (answer == null) {
            return;
        }
        if (message.type() == BusMessage.ERROR) {
            String text = message.signature().startsWith("s")
                    ? (String) message.body().get(0)
                    : "";
            answer.completeExceptionally(new BusError(message.errorName(), text));
        } else {
            answer.complete(message.body());
        }
    }
}
