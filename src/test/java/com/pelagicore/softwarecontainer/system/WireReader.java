package com.pelagicore.softwarecontainer.system;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The reverse of {@link WireWriter}; variants are unwrapped. */
final class WireReader {

    private final ByteBuffer in;

    WireReader(byte[] bytes, ByteOrder order) {
        this.in = ByteBuffer.wrap(bytes).order(order);
    }

    List<Object> readAll(String signature) {
        List<Object> values = new ArrayList<>();
        for (String type : Signatures.split(signature)) {
            values.add(read(type));
        }
        return values;
    }

    Object read(String type) {
        align(Signatures.alignment(type));
        return switch (type.charAt(0)) {
            case 'y' -> in.get();
            case 'b' -> in.getInt() != 0;
            case 'n' -> in.getShort();
            case 'q' -> Short.toUnsignedInt(in.getShort());
            case 'i', 'h' -> in.getInt();
            case 'u' -> Integer.toUnsignedLong(in.getInt());
            case 'x', 't' -> in.getLong();
            case 'd' -> in.getDouble();
            case 's', 'o' -> string(in.getInt());
            case 'g' -> string(Byte.toUnsignedInt(in.get()));
            case 'v' -> read(string(Byte.toUnsignedInt(in.get())));
            case '(' -> readAll(type.substring(1, type.length() - 1));
            case 'a' -> type.charAt(1) == '{' ? map(type.substring(2, type.length() - 1)) : list(type.substring(1));
            default -> throw new IllegalArgumentException(type);
        };
    }

    private List<Object> list(String element) {
        int length = in.getInt();
        align(Signatures.alignment(element));
        int end = in.position() + length;
        List<Object> values = new ArrayList<>();
        while (in.position() < end) {
            values.add(read(element));
        }
        return values;
    }

    private Map<Object, Object> map(String entry) {
        int length = in.getInt();
        align(8);
        int end = in.position() + length;
        Map<Object, Object> values = new LinkedHashMap<>();
        while (in.position() < end) {
            align(8);
            List<Object> pair = readAll(entry);
            values.put(pair.get(0), pair.get(1));
        }
        return values;
    }

    private String string(int length) {
        byte[] text = new byte[length];
        in.get(text);
        in.get();
        return new String(text, StandardCharsets.UTF_8);
    }

    private void align(int boundary) {
        in.position((in.position() + boundary - 1) / boundary * boundary);
    }
}
