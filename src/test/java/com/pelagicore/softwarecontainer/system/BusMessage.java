package com.pelagicore.softwarecontainer.system;

import com.pelagicore.softwarecontainer.system.WireWriter.Variant;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A message as in the D-Bus specification, "Message Format". */
record BusMessage(byte type, long serial, Map<Byte, Object> fields, byte[] rawBody, ByteOrder order) {

    static final byte CALL = 1;
    static final byte RETURN = 2;
    static final byte ERROR = 3;
    static final byte SIGNAL = 4;

    private static final byte PATH = 1;
    private static final byte INTERFACE = 2;
    private static final byte MEMBER = 3;
    private static final byte ERROR_NAME = 4;
    private static final byte REPLY_SERIAL = 5;
    private static final byte DESTINATION = 6;
    private static final byte SENDER = 7;
    private static final byte SIGNATURE = 8;

    /** A method call, ready to be sent. */
    static byte[] call(long serial, String destination, Target target, String signature, byte[] body) {
        return message(CALL, serial, destination, target, signature, body);
    }

    /** A signal to everybody, ready to be sent. */
    static byte[] signal(long serial, Target target, String signature, byte[] body) {
        return message(SIGNAL, serial, "", target, signature, body);
    }

    private static byte[] message(
            byte type, long serial, String destination, Target target, String signature, byte[] body) {
        List<Object> fields = new ArrayList<>();
        fields.add(List.of(PATH, new Variant("o", target.path())));
        if (!target.interfaceName().isEmpty()) {
            fields.add(List.of(INTERFACE, new Variant("s", target.interfaceName())));
        }
        fields.add(List.of(MEMBER, new Variant("s", target.member())));
        if (!destination.isEmpty()) {
            fields.add(List.of(DESTINATION, new Variant("s", destination)));
        }
        if (!signature.isEmpty()) {
            fields.add(List.of(SIGNATURE, new Variant("g", signature)));
        }
        WireWriter header = new WireWriter();
        for (byte each : new byte[] {'l', type, 0, 1}) {
            header.write("y", each);
        }
        header.write("u", (long) body.length);
        header.write("u", serial);
        header.write("a(yv)", fields);
        header.align(8);
        byte[] start = header.bytes();
        return ByteBuffer.allocate(start.length + body.length)
                .put(start)
                .put(body)
                .array();
    }

    /** Waits for the next message. */
    static BusMessage read(DataInputStream in) throws IOException {
        byte[] fixed = in.readNBytes(16);
        if (fixed.length < 16) {
            throw new IOException("the bus closed the connection");
        }
        ByteOrder order = fixed[0] == 'l' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
        ByteBuffer numbers = ByteBuffer.wrap(fixed).order(order);
        int bodyLength = numbers.getInt(4);
        int fieldsLength = numbers.getInt(12);
        int headerLength = (16 + fieldsLength + 7) / 8 * 8;
        byte[] header = ByteBuffer.allocate(headerLength)
                .put(fixed)
                .put(in.readNBytes(headerLength - 16))
                .array();
        Map<Byte, Object> fields = new HashMap<>();
        List<Object> all = new WireReader(header, order).readAll("yyyyuua(yv)");
        for (Object field : (List<?>) all.get(6)) {
            List<?> pair = (List<?>) field;
            fields.put((Byte) pair.get(0), pair.get(1));
        }
        return new BusMessage(
                fixed[1], Integer.toUnsignedLong(numbers.getInt(8)), fields, in.readNBytes(bodyLength), order);
    }

    /** What is called. */
    record Target(String path, String interfaceName, String member) {}

    String text(byte field) {
        return (String) fields.getOrDefault(field, "");
    }

    String path() {
        return text(PATH);
    }

    String interfaceName() {
        return text(INTERFACE);
    }

    String member() {
        return text(MEMBER);
    }

    String errorName() {
        return text(ERROR_NAME);
    }

    String sender() {
        return text(SENDER);
    }

    String signature() {
        return text(SIGNATURE);
    }

    long replySerial() {
        return (Long) fields.getOrDefault(REPLY_SERIAL, 0L);
    }

    List<Object> body() {
        return new WireReader(rawBody, order).readAll(signature());
    }
}
