package com.pelagicore.softwarecontainer.bus;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.freedesktop.dbus.DBusPath;
import org.freedesktop.dbus.FileDescriptor;
import org.freedesktop.dbus.types.UInt16;
import org.freedesktop.dbus.types.UInt32;
import org.freedesktop.dbus.types.UInt64;

/**
 * Values between the shapes of {@link Reply} and {@link Arguments} and those of dbus-java's codec. Errors are
 * {@code IllegalArgumentException} or {@code ClassCastException}.
 */
final class WireValues {

    private final String signature;
    private final List<PassedFile> files;
    private int at;

    private WireValues(String signature, List<PassedFile> files) {
        this.signature = signature;
        this.files = files;
    }

    /**
     * As the codec encodes them.
     *
     * @param files gets the files among the values, in order
     */
    static Object[] encodable(String signature, List<?> values, List<PassedFile> files) {
        WireValues encoding = new WireValues(signature, files);
        List<Object> encodable = new ArrayList<>();
        for (Object value : values) {
            encodable.add(encoding.next(value));
        }
        if (encoding.at < signature.length()) {
            throw new IllegalArgumentException("fewer values than types");
        }
        return encodable.toArray();
    }

    private Object next(Object value) {
        if (at == signature.length()) {
            throw new IllegalArgumentException("more values than types");
        }
        char type = signature.charAt(at++);
        return switch (type) {
            case 'a' -> array(value);
            case '(' -> struct((List<?>) value);
            case 'v' -> variant((Variant) value);
            case 't' -> unsigned((Number) value);
            case 'h' -> file((PassedFile) value);
            case 's', 'o', 'g' -> text((String) value);
            default -> value;
        };
    }

    private Object array(Object value) {
        int element = at;
        if (signature.charAt(element) == '{') {
            return dictionary((Map<?, ?>) value);
        }
        List<Object> list = new ArrayList<>();
        for (Object each : (List<?>) value) {
            at = element;
            list.add(next(each));
        }
        at = endOfType(element);
        return list;
    }

    private Map<Object, Object> dictionary(Map<?, ?> value) {
        int key = at + 1;
        Map<Object, Object> map = new LinkedHashMap<>();
        value.forEach((name, entry) -> {
            at = key;
            Object encoded = next(name);
            map.put(encoded, next(entry));
        });
        at = endOfType(key - 1);
        return map;
    }

    private Object[] struct(List<?> value) {
        List<Object> parts = new ArrayList<>();
        Iterator<?> given = value.iterator();
        while (signature.charAt(at) != ')') {
            if (!given.hasNext()) {
                throw new IllegalArgumentException("a struct has too few parts");
            }
            parts.add(next(given.next()));
        }
        if (given.hasNext()) {
            throw new IllegalArgumentException("a struct has too many parts");
        }
        at++;
        return parts.toArray();
    }

    private Object variant(Variant value) {
        Object[] encoded = encodable(value.signature(), List.of(value.value()), files);
        return new org.freedesktop.dbus.types.Variant<>(encoded[0], value.signature());
    }

    private static Object unsigned(Number value) {
        return new UInt64(new BigInteger(Long.toUnsignedString(value.longValue())));
    }

    private Object file(PassedFile file) {
        files.add(file);
        return new FileDescriptor(file.number());
    }

    /** Without NUL characters: a bus ends the connection of whoever sends one in a string. */
    private static String text(String text) {
        return text.indexOf('\0') < 0 ? text : text.replace('\0', '\ufffd');
    }

    /** Behind the complete type that begins at {@code start}. */
    private int endOfType(int start) {
        return switch (signature.charAt(start)) {
            case 'a' -> endOfType(start + 1);
            case '(', '{' -> {
                int end = start + 1;
                while (signature.charAt(end) != ')' && signature.charAt(end) != '}') {
                    end = endOfType(end);
                }
                yield end + 1;
            }
            default -> start + 1;
        };
    }

    /**
     * As {@link Arguments} has them.
     *
     * @param decoded by the codec
     * @param files that came with the message
     */
    static Object plain(Object decoded, List<PassedFile> files) {
        if (decoded instanceof org.freedesktop.dbus.types.Variant<?> variant) {
            return new Variant(variant.getSig(), plain(variant.getValue(), files));
        }
        if (decoded instanceof List<?> list) {
            return list.stream().map(each -> plain(each, files)).toList();
        }
        if (decoded instanceof Object[] struct) {
            return plain(List.of(struct), files);
        }
        if (decoded instanceof Map<?, ?> map) {
            Map<Object, Object> copy = new LinkedHashMap<>();
            map.forEach((key, value) -> copy.put(plain(key, files), plain(value, files)));
            return copy;
        }
        if (decoded instanceof UInt64 number) {
            return number.value().min(BigInteger.valueOf(Long.MAX_VALUE)).longValueExact();
        }
        if (decoded instanceof UInt32 number) {
            return number.longValue();
        }
        if (decoded instanceof UInt16 number) {
            return number.intValue();
        }
        if (decoded instanceof DBusPath path) {
            return path.getPath();
        }
        if (decoded instanceof FileDescriptor descriptor) {
            return files.stream()
                    .filter(file -> file.number() == descriptor.getIntFileDescriptor())
                    .findFirst()
                    .orElseThrow();
        }
        return decoded;
    }
}
