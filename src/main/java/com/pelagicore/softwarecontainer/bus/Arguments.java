package com.pelagicore.softwarecontainer.bus;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The arguments of a call; an accessor must fit the signature, which was checked before. */
public final class Arguments {

    private final List<Object> values;

    Arguments(Object... values) {
        this.values = List.of(values);
    }

    /** As the codec decodes them. */
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

    /** Type {@code u}. */
    public long uint32(int index) {
        return ((Number) values.get(index)).longValue();
    }

    /** Type {@code b}. */
    public boolean bool(int index) {
        return (Boolean) values.get(index);
    }

    /** Type {@code as}. */
    public List<String> strings(int index) {
        return ((List<?>) values.get(index)).stream().map(String.class::cast).toList();
    }

    /** A structure of any type: its members as the codec decodes them. */
    public List<Object> structure(int index) {
        Object structure = values.get(index);
        return structure instanceof Object[] members ? List.of(members) : List.copyOf((List<?>) structure);
    }

    /** A dictionary of any type, as the codec decodes it. */
    Map<?, ?> map(int index) {
        return (Map<?, ?>) values.get(index);
    }

    /** Type {@code a{ss}}, in the order of the message; of a key that comes twice the last value counts. */
    public Map<String, String> stringMap(int index) {
        Map<String, String> strings = new LinkedHashMap<>();
        ((Map<?, ?>) values.get(index)).forEach((key, value) -> strings.put((String) key, (String) value));
        return Collections.unmodifiableMap(strings);
    }
}
