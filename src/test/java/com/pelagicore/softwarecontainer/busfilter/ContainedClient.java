package com.pelagicore.softwarecontainer.busfilter;

import com.pelagicore.softwarecontainer.spec.BusRule;
import com.pelagicore.softwarecontainer.spec.BusRule.Bus;
import com.pelagicore.softwarecontainer.spec.BusRule.Direction;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A contained client behind the filter, and the host's bus on its other side; all fakes but the filter. */
final class ContainedClient {

    static final String BUS = "org.freedesktop.DBus";
    static final String AGENT = "com.pelagicore.SoftwareContainerAgent";
    static final String ME = ":1.50";
    static final BusRule ECHO = rule(Direction.OUTGOING, "org.example.Echo", "Echo");
    static final BusRule HEAR = rule(Direction.INCOMING, "org.example.Echo", "Said");

    final FakeSocket client = new FakeSocket();
    private final FakeSocket host = new FakeSocket();
    private final FakeEvents events = new FakeEvents();
    final Guarded guarded = new Guarded();
    final List<String> logged = new ArrayList<>();

    /** Authenticated, and after Hello. */
    void connect(BusRule... rules) {
        FilteredBus bus = new FilteredBus(
                () -> host,
                events,
                new Policy(guarded, new Rules(List.of(rules))),
                new FilterLog("", logged::add, () -> 0));
        new ClientConnection(bus, events, client, host).start();
        client.give("\0AUTH EXTERNAL 30\r\nBEGIN\r\n".getBytes(StandardCharsets.US_ASCII));
        host.give("DATA\r\nOK 0\r\nAGREE_UNIX_FD\r\n".getBytes(StandardCharsets.US_ASCII));
        ask(1, "Hello");
        answer(1, "s", text(ME));
        client.sent.reset();
        host.sent.reset();
    }

    void ask(int serial, String member) {
        client.give(call(serial, member).toBytes());
        events.settle(client, host);
    }

    void ask(int serial, String member, String name) {
        client.give(call(serial, member).text(name).toBytes());
        events.settle(client, host);
    }

    static TestMessage call(int serial, String member) {
        return TestMessage.call(serial, BUS, BUS, member);
    }

    void answer(int serial, String signature, byte[] body) {
        fromHost(TestMessage.reply(serial, ME)
                .field(7, 's', BUS)
                .field(8, 'g', signature)
                .body(body));
    }

    /** As GetNameOwner tells it. */
    void learn(String name, String owner) {
        ask(100, "GetNameOwner", name);
        answer(100, "s", text(owner));
        client.sent.reset();
        host.sent.reset();
    }

    void fromHost(TestMessage message) {
        host.give(message.toBytes());
        events.settle(client, host);
    }

    static TestMessage ofBus(String member) {
        return TestMessage.signal(BUS, member).field(7, 's', BUS);
    }

    static TestMessage changed(String name, String oldOwner, String newOwner) {
        return ofBus("NameOwnerChanged").texts(name, oldOwner, newOwner);
    }

    static TestMessage signal(String member, String sender) {
        return TestMessage.signal("org.example.Echo", member).field(7, 's', sender);
    }

    /** What the client got, in short. */
    List<String> told() {
        List<String> all = new ArrayList<>();
        ByteBuffer stream = ByteBuffer.wrap(client.sent.toByteArray());
        while (stream.hasRemaining()) {
            MessageHeader header = HeaderParser.parse(stream).orElseThrow();
            all.add(told(header, stream));
            stream.position(stream.position() + (int) header.size());
        }
        return all;
    }

    private static String told(MessageHeader header, ByteBuffer message) {
        return switch (header.type()) {
            case SIGNAL ->
                header.member() + " " + BodyTexts.first(header, message).orElse("");
            case ERROR -> "return " + header.replySerial() + " error " + errorName(header, message);
            default ->
                "return " + header.replySerial() + " "
                        + (header.signature().equals("b")
                                ? "false"
                                : BodyTexts.array(header, message).orElseThrow());
        };
    }

    private static String errorName(MessageHeader header, ByteBuffer message) {
        byte[] bytes = new byte[header.headerSize()];
        message.duplicate().get(bytes);
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        int begin = text.indexOf("org.freedesktop.DBus.Error.");
        return text.substring(begin, text.indexOf(0, begin));
    }

    /** Members of the calls that the bus got. */
    List<String> passedOn() {
        List<String> all = new ArrayList<>();
        ByteBuffer stream = ByteBuffer.wrap(host.sent.toByteArray());
        while (stream.hasRemaining()) {
            MessageHeader header = HeaderParser.parse(stream).orElseThrow();
            all.add(header.member());
            stream.position(stream.position() + (int) header.size());
        }
        return all;
    }

    static byte[] names(String... names) {
        ByteBuffer body =
                ByteBuffer.allocate(2_000_000).order(ByteOrder.LITTLE_ENDIAN).putInt(0);
        for (String name : names) {
            body.position((body.position() + 3) & ~3);
            body.put(text(name));
        }
        body.putInt(0, body.position() - 4);
        byte[] bytes = new byte[body.position()];
        body.get(0, bytes);
        return bytes;
    }

    static byte[] text(String text) {
        byte[] raw = text.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(raw.length + 5)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(raw.length)
                .put(raw)
                .array();
    }

    static BusRule rule(Direction direction, String interfaceName, String method) {
        return new BusRule(Bus.SYSTEM, direction, interfaceName, "*", List.of(method));
    }
}
