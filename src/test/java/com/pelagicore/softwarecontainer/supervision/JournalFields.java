package com.pelagicore.softwarecontainer.supervision;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads a datagram as systemd-journald does, strictly. */
public final class JournalFields {

    private JournalFields() {}

    /** In the order in which they came. */
    public static Map<String, String> of(byte[] datagram) {
        Map<String, String> fields = new LinkedHashMap<>();
        ByteBuffer bytes = ByteBuffer.wrap(datagram).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            String line = line(bytes);
            int equals = line.indexOf('=');
            String name = equals < 0 ? line : line.substring(0, equals);
            String value = equals < 0 ? sized(bytes) : line.substring(equals + 1);
            if (!name.matches("[A-Z][A-Z0-9_]*") || fields.put(name, value) != null) {
                throw new AssertionError("bad or second field " + name);
            }
        }
        return fields;
    }

    private static String line(ByteBuffer bytes) {
        int start = bytes.position();
        while (bytes.get() != '\n') {
            // to the end of the line; a datagram that ends before it is malformed
        }
        return text(bytes, start, bytes.position() - start - 1);
    }

    private static String sized(ByteBuffer bytes) {
        int length = Math.toIntExact(bytes.getLong());
        String value = text(bytes, bytes.position(), length);
        bytes.position(bytes.position() + length);
        if (bytes.get() != '\n') {
            throw new AssertionError("no line break after a value of " + length + " bytes");
        }
        return value;
    }

    private static String text(ByteBuffer bytes, int start, int length) {
        return new String(bytes.array(), start, length, StandardCharsets.UTF_8);
    }
}
