package com.pelagicore.softwarecontainer.busfilter;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes messages, good and bad ones. */
final class TestMessage {

    static final int CALL = 1;
    static final int RETURN = 2;
    static final int SIGNAL = 4;

    private final ByteBuffer bytes = ByteBuffer.allocate(70_000);
    private byte[] body = {};

    TestMessage(ByteOrder order, int type, int serial) {
        bytes.order(order)
                .put((byte) (order == ByteOrder.LITTLE_ENDIAN ? 'l' : 'B'))
                .put((byte) type)
                .put((byte) 0)
                .put((byte) 1)
                .putInt(0)
                .putInt(serial)
                .putInt(0);
    }

    static TestMessage call(int serial, String destination, String interfaceName, String member) {
        TestMessage message = new TestMessage(ByteOrder.LITTLE_ENDIAN, CALL, serial)
                .field(1, 'o', "/p")
                .field(3, 's', member)
                .field(6, 's', destination);
        return interfaceName.isEmpty() ? message : message.field(2, 's', interfaceName);
    }

    static TestMessage reply(int replySerial, String destination) {
        return new TestMessage(ByteOrder.LITTLE_ENDIAN, RETURN, 77)
                .field(5, replySerial)
                .field(6, 's', destination);
    }

    static TestMessage signal(String interfaceName, String member) {
        return new TestMessage(ByteOrder.LITTLE_ENDIAN, SIGNAL, 78)
                .field(1, 'o', "/p")
                .field(2, 's', interfaceName)
                .field(3, 's', member);
    }

    TestMessage noReplyExpected() {
        bytes.put(2, (byte) 1);
        return this;
    }

    TestMessage field(int code, char type, String text) {
        begin(code, type);
        byte[] raw = text.getBytes(StandardCharsets.UTF_8);
        if (type == 'g') {
            bytes.put((byte) raw.length);
        } else {
            bytes.putInt(raw.length);
        }
        bytes.put(raw).put((byte) 0);
        return this;
    }

    TestMessage field(int code, int number) {
        begin(code, 'u');
        bytes.putInt(number);
        return this;
    }

    TestMessage body(byte... content) {
        body = content;
        return this;
    }

    TestMessage text(String text) {
        byte[] raw = text.getBytes(StandardCharsets.UTF_8);
        field(8, 'g', "s");
        return body(ByteBuffer.allocate(raw.length + 5)
                .order(bytes.order())
                .putInt(raw.length)
                .put(raw)
                .array());
    }

    TestMessage texts(String... texts) {
        field(8, 'g', "s".repeat(texts.length));
        ByteBuffer content = ByteBuffer.allocate(10_000).order(bytes.order());
        for (String text : texts) {
            content.position((content.position() + 3) & ~3);
            byte[] raw = text.getBytes(StandardCharsets.UTF_8);
            content.putInt(raw.length).put(raw).put((byte) 0);
        }
        byte[] all = new byte[content.position()];
        content.get(0, all);
        return body(all);
    }

    byte[] toBytes() {
        bytes.putInt(12, bytes.position() - 16).putInt(4, body.length);
        align();
        byte[] all = new byte[bytes.position() + body.length];
        bytes.get(0, all, 0, bytes.position());
        System.arraycopy(body, 0, all, bytes.position(), body.length);
        return all;
    }

    MessageHeader header() {
        return HeaderParser.parse(ByteBuffer.wrap(toBytes())).orElseThrow();
    }

    private void begin(int code, char type) {
        align();
        bytes.put((byte) code).put((byte) 1).put((byte) type).put((byte) 0);
    }

    private void align() {
        bytes.position((bytes.position() + 7) & ~7);
    }
}
