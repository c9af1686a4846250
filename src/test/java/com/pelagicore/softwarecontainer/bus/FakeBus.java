package com.pelagicore.softwarecontainer.bus;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.freedesktop.dbus.types.UInt32;
import org.freedesktop.dbus.types.Variant;

/** A bus in memory with the service under test on it; the test plays all clients. */
public final class FakeBus implements BusTransport {

    public static final String CLIENT = ":1.50";
    static final String SERVICE = ":1.1";
    static final String BUS = "org.freedesktop.DBus";

    private static final byte[] END = new byte[0];

    private final BlockingQueue<byte[]> toService = new LinkedBlockingQueue<>();
    private final BlockingQueue<FakeAnswer> fromService = new LinkedBlockingQueue<>();
    private final AtomicLong serials = new AtomicLong(1000);
    private final StringBuilder authentication = new StringBuilder();
    private final ByteArrayOutputStream partial = new ByteArrayOutputStream();
    private ByteBuffer rest = ByteBuffer.allocate(0);
    private boolean authenticated;
    private volatile boolean closed;

    /** What the bus answers; may be changed before the service asks. */
    public String welcome = "OK 0123456789abcdef";

    public long nameReply = 1;
    /** User ids of clients that are not root; negative: the bus does not know them. */
    public final Map<String, Long> uids = new ConcurrentHashMap<>();
    /** How often the service asked who a client is. */
    public final AtomicInteger questions = new AtomicInteger();
    /** By connection, bytes that it has not read, or of the service itself that others have not. */
    public final Map<String, Long> unread = new ConcurrentHashMap<>();

    public volatile boolean tellsWhoReads = true;
    /** Clients about whom the bus answers only when {@link #tell} is called. */
    public final Set<String> secret = ConcurrentHashMap.newKeySet();

    private final Map<Integer, byte[]> toItself = new ConcurrentHashMap<>();
    /** What somebody else answers, maybe a {@link BusError}; nothing, if the signature is empty. */
    public record Other(String sender, String signature, Object value) {}

    /** By member, what the service asks others about. */
    public final Map<String, Other> others = new ConcurrentHashMap<>();
    /** What it asked them. */
    public final BlockingQueue<String> asked = new LinkedBlockingQueue<>();

    private final Map<String, byte[]> untold = new ConcurrentHashMap<>();
    public volatile boolean broken;
    /** The next write meets the end of memory. */
    public final AtomicBoolean outOfMemory = new AtomicBoolean();

    /** Error that the bus answers instead of what is unread; empty: none. */
    public volatile String oddAnswer = "";

    /** Sends a call from {@link #CLIENT}; returns its serial. */
    public int call(String path, String interfaceName, String member, String signature, Object... arguments) {
        return callAs(CLIENT, (byte) 0, path, interfaceName, member, signature, arguments);
    }

    public int callAs(
            String sender,
            byte flags,
            String path,
            String interfaceName,
            String member,
            String signature,
            Object... arguments) {
        int serial = (int) serials.incrementAndGet();
        toService.add(FakeMessages.message(sender, flags, serial, path, interfaceName, member, signature, arguments));
        return serial;
    }

    /** Sends bytes as they are. */
    public void send(byte[] bytes) {
        toService.add(bytes);
    }

    /** Ends the stream. */
    public void hangUp() {
        toService.add(END);
    }

    /** Waits for the next message from the service. */
    public FakeAnswer answer() {
        try {
            FakeAnswer answer = fromService.poll(10, TimeUnit.SECONDS);
            if (answer == null) {
                throw new AssertionError("the service sent nothing");
            }
            return answer;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** What the service has sent and nobody has looked at. */
    public int unseenAnswers() {
        return fromService.size();
    }

    public boolean isClosed() {
        return closed;
    }

    @Override
    public boolean read(ByteBuffer target, Consumer<PassedFile> files) {
        try {
            while (!rest.hasRemaining()) {
                byte[] next = toService.take();
                if (next == END) {
                    return false;
                }
                rest = ByteBuffer.wrap(next);
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        int count = Math.min(rest.remaining(), target.remaining());
        target.put(rest.slice().limit(count));
        rest.position(rest.position() + count);
        return true;
    }

    @Override
    public void write(ByteBuffer source, List<PassedFile> files) {
        if (broken) {
            throw new SoftwareContainerException(ErrorKind.HOST_REFUSED, "send: EPIPE");
        }
        if (outOfMemory.getAndSet(false)) {
            throw new OutOfMemoryError("no direct memory");
        }
        byte[] bytes = new byte[source.remaining()];
        source.get(bytes);
        if (authenticated) {
            partial.writeBytes(bytes);
            takeWholeMessages();
        } else {
            authenticate(new String(bytes, StandardCharsets.US_ASCII));
        }
    }

    @Override
    public void readTimeout(Duration timeout) {}

    @Override
    public void close() {
        closed = true;
        hangUp();
    }

    private void authenticate(String text) {
        authentication.append(text);
        if (authentication.toString().equals("\0AUTH EXTERNAL\r\nDATA\r\n")) {
            send(("DATA\r\n" + welcome + "\r\n").getBytes(StandardCharsets.US_ASCII));
        }
        if (text.equals("NEGOTIATE_UNIX_FD\r\n")) {
            send("AGREE_UNIX_FD\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        authenticated = text.equals("BEGIN\r\n");
    }

    private void takeWholeMessages() {
        byte[] bytes = partial.toByteArray();
        ByteBuffer prefix = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        if (bytes.length >= Frame.PREFIX
                && bytes.length == Frame.PREFIX + ((prefix.getInt(12) + 7) & ~7) + prefix.getInt(4)) {
            partial.reset();
            take(bytes);
        }
    }

    private void take(byte[] question) {
        IncomingMessage message =
                IncomingMessage.decode(FakeMessages.frame(question)).orElseThrow();
        if (message.isCall() && message.name().equals("Hello")) {
            reply("org.freedesktop.DBus", question, "s", SERVICE);
        } else if (message.isCall() && message.name().equals("RequestName")) {
            reply("org.freedesktop.DBus", question, "u", new UInt32(nameReply));
        } else if (message.isCall() && message.name().equals("AddMatch")) {
            reply("org.freedesktop.DBus", question, "", List.of());
        } else if (message.isCall() && message.name().equals("GetConnectionCredentials")) {
            questions.incrementAndGet();
            String client = message.arguments().string(0);
            if (secret.contains(client)) {
                untold.put(client, question);
            } else {
                tell(client, question);
            }
        } else if (message.isCall() && message.name().equals("GetId")) {
            reply("org.freedesktop.DBus", question, "s", "0123456789abcdef0123456789abcdef");
        } else if (message.isCall() && message.name().equals("GetConnectionStats")) {
            tellUnread(question, message.arguments().string(0));
        } else if (message.destination().equals(Optional.of(SERVICE))) {
            passToItself(message, question);
        } else if (message.isCall() && others.containsKey(message.name())) {
            Other other = others.get(message.name());
            asked.add(message.name() + message.arguments().all());
            if (!other.signature().isEmpty()) {
                reply(other.sender(), question, other.signature(), other.value());
            }
        } else {
            fromService.add(new FakeAnswer(
                    message.isError() ? message.name() : "",
                    message.replySerial(),
                    message.destination().orElse(""),
                    message.signature(),
                    message.arguments().all()));
        }
    }

    private void tellUnread(byte[] question, String connection) {
        if (!oddAnswer.isEmpty()) {
            send(FakeMessages.error(question, oddAnswer, (int) serials.incrementAndGet()));
        } else if (tellsWhoReads) {
            Variant<UInt32> bytes = new Variant<>(new UInt32(unread.getOrDefault(connection, 0L)));
            reply(BUS, question, "a{sv}", Map.of("OutgoingBytes", bytes, "IncomingBytes", bytes));
        } else {
            send(FakeMessages.error(
                    question, "org.freedesktop.DBus.Error.UnknownMethod", (int) serials.incrementAndGet()));
        }
    }

    private void passToItself(IncomingMessage message, byte[] bytes) {
        if (message.isCall()) {
            byte[] call = FakeMessages.message(
                    SERVICE,
                    (byte) 0,
                    message.serial(),
                    message.path(),
                    message.interfaceName().orElseThrow(),
                    message.name(),
                    null);
            toItself.put(message.serial(), call);
            toService.add(call);
        } else {
            reply(SERVICE, toItself.remove(message.replySerial()), "", List.of());
        }
    }

    /** Answers at last who a secret client is. */
    public void tell(String client) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!untold.containsKey(client)) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("the service did not ask who " + client + " is");
            }
            Thread.onSpinWait();
        }
        tell(client, untold.remove(client));
    }

    /** Tells that a connection has ended. */
    public void endConnection(String client) {
        send(FakeMessages.signal(BUS, "NameOwnerChanged", client, client, ""));
    }

    private void tell(String client, byte[] question) {
        long uid = uids.getOrDefault(client, 0L);
        if (uid < 0) {
            reply(BUS, question, "a{sv}", Map.of("ProcessID", new Variant<>(new UInt32(1))));
        } else {
            Map<String, Variant<?>> credentials = Map.of(
                    "UnixUserID", new Variant<>(new UInt32(uid)),
                    "UnixGroupIDs", new Variant<>(new UInt32[] {new UInt32(uid), new UInt32(4242)}, "au"));
            reply(BUS, question, "a{sv}", credentials);
        }
    }

    private void reply(String sender, byte[] call, String signature, Object value) {
        int serial = (int) serials.incrementAndGet();
        send(
                value instanceof BusError error
                        ? FakeMessages.error(call, error.name(), serial)
                        : FakeMessages.reply(sender, call, signature, value, serial));
    }
}
