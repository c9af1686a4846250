package com.pelagicore.softwarecontainer.system;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * Marshals values as in the D-Bus specification, "Marshaling", little-endian. Written for the tests, so that the agent
 * is not tested with the library that it uses itself; and it writes what libraries refuse to.
 *
 * <p>Java types: y Byte, b Boolean, n Short, q Integer, i Integer, u Long, x and t Long, d Double, s o g String or
 * (for invalid UTF-8) byte[], arrays and structs List, dictionaries Map, v Variant.
 */
final class WireWriter {

    /** A value with its type. */
    record Variant(String signature, Object value) {}

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    static byte[] body(String signature, Object... values) {
        WireWriter writer = new WireWriter();
        List<String> types = Signatures.split(signature);
        if (types.size() != values.length) {
            throw new IllegalArgumentException(signature + " needs " + types.size() + " values");
        }
        for (int i = 0; i < values.length; i++) {
            writer.write(types.get(i), values[i]);
        }
        return writer.bytes();
    }

    byte[] bytes() {
        return out.toByteArray();
    }

    void align(int boundary) {
        while (out.size() % boundary != 0) {
            out.write(0);
        }
    }

    void write(String type, Object value) {
        align(Signatures.alignment(type));
        switch (type.charAt(0)) {
            case 'y' -> out.write((Byte) value);
            case 'b' -> number(4, (Boolean) value ? 1 : 0);
            case 'n', 'q' -> number(2, ((Number) value).longValue());
            case 'i', 'u' -> number(4, ((Number) value).longValue());
            case 'x', 't' -> number(8, ((Number) value).longValue());
            case 'd' -> number(8, Double.doubleToRawLongBits((Double) value));
            case 's', 'o' -> string(value);
            case 'g' -> signature((String) value);
            case 'v' -> {
                Variant variant = (Variant) value;
                signature(variant.signature());
                write(variant.signature(), variant.value());
            }
            case 'a' -> array(type.substring(1), value);
            case '(' -> fields(Signatures.split(type.substring(1, type.length() - 1)), (List<?>) value);
            default -> throw new IllegalArgumentException(type);
        }
    }

    private void array(String element, Object value) {
        WireWriter elements = new WireWriter();
        // positions count from the message's start, and the length comes before the padding
        int start = out.size() + 4;
        int padding =
                (Signatures.alignment(element) - start % Signatures.alignment(element)) % Signatures.alignment(element);
        elements.out.writeBytes(new byte[(start + padding) % 8]);
        int skipped = elements.out.size();
        if (value instanceof Map<?, ?> map) {
            List<String> entry = Signatures.split(element.substring(1, element.length() - 1));
            map.forEach((key, each) -> {
                elements.align(8);
                elements.fields(entry, List.of(key, each));
            });
        } else {
            ((List<?>) value).forEach(each -> elements.write(element, each));
        }
        number(4, elements.out.size() - skipped);
        out.writeBytes(new byte[padding]);
        byte[] all = elements.bytes();
        out.write(all, skipped, all.length - skipped);
    }

    private void fields(List<String> types, List<?> values) {
        for (int i = 0; i < types.size(); i++) {
            write(types.get(i), values.get(i));
        }
    }

    private void string(Object value) {
        byte[] text = value instanceof byte[] raw ? raw : ((String) value).getBytes(StandardCharsets.UTF_8);
        number(4, text.length);
        out.writeBytes(text);
        out.write(0);
    }

    private void signature(String value) {
        out.write(value.length());
        out.writeBytes(value.getBytes(StandardCharsets.US_ASCII));
        out.write(0);
    }

    private void number(int bytes, long value) {
        byte[] all = ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array();
        out.write(all, 0, bytes);
    }
}
