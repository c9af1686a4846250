package com.pelagicore.softwarecontainer.bus;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The arguments of a call; an accessor must fit the signature, which was checked before. Types {@code q} and
 * {@code i} are {@code Integer}, {@code u}, {@code x} and {@code t} are {@code Long} (of {@code t} at most
 * {@code Long.MAX_VALUE}); arrays and structs are {@code List}, dictionaries {@code Map}, of a key that comes
 * twice the last value counts; files {@link PassedFile}, closed by the connection
 * when the handler has returned.
 */
public final class Arguments {

    private final List<Object> values;

    Arguments(List<Object> values) {
        this.values = List.copyOf(values);
    }

    List<Object> all() {
        return values;
    }

    /** Type {@code s}, {@code o} or {@code g}. */
    public String string(int index) {
        return values.get(index).toString();
    }

    /** Type {@code i}. */
    public int int32(int index) {
        return (Integer) values.get(index);
    }

    /** Types {@code u} and {@code t}. */
    public long unsigned(int index) {
        return (Long) values.get(index);
    }

    /** Type {@code b}. */
    public boolean bool(int index) {
        return (Boolean) values.get(index);
    }

    /** Type {@code as}. */
    public List<String> strings(int index) {
        return list(index).stream().map(String.class::cast).toList();
    }

    /** Types {@code a...}, but dictionaries, and {@code (...)}. */
    public List<?> list(int index) {
        return (List<?>) values.get(index);
    }

    /** Type {@code a{...}}. */
    public Map<?, ?> dictionary(int index) {
        return (Map<?, ?>) values.get(index);
    }

    /** Type {@code h}. */
    public PassedFile file(int index) {
        return (PassedFile) values.get(index);
    }

    /** Type {@code a{ss}}, in the order of the message. */
    public Map<String, String> stringMap(int index) {
        Map<String, String> strings = new LinkedHashMap<>();
        ((Map<?, ?>) values.get(index)).forEach((key, value) -> strings.put((String) key, (String) value));
        return Collections.unmodifiableMap(strings);
    }

    /** Type {@code v}. */
    public Variant variant(int index) {
        return (Variant) values.get(index);
    }

    /** Type {@code a{sv}}, in the order of the message. */
    public Map<String, Variant> variants(int index) {
        return variants((Map<?, ?>) values.get(index));
    }

    /** The same of a dictionary within an argument. */
    public static Map<String, Variant> variants(Map<?, ?> dictionary) {
        Map<String, Variant> variants = new LinkedHashMap<>();
        dictionary.forEach((key, value) -> variants.put((String) key, (Variant) value));
        return Collections.unmodifiableMap(variants);
    }
}
