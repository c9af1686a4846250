package com.pelagicore.softwarecontainer.spec;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/**
 * An object of a format of ours, read strictly: a key that is not known was written by a newer version, which
 * meant something by it. All failures are {@code IllegalArgumentException}.
 */
public final class JsonFields {

    private final JsonNode object;

    private JsonFields(JsonNode object) {
        this.object = object;
    }

    /**
     * The object.
     *
     * @param known all keys that it may have
     */
    public static JsonFields of(JsonNode object, String... known) {
        if (!object.isObject()) {
            throw new IllegalArgumentException("an object is missing where '" + object.getNodeType() + "' is");
        }
        Set<String> names = Set.of(known);
        for (String key : object.propertyNames()) {
            if (!names.contains(key)) {
                throw new IllegalArgumentException("unknown key '" + key + "'");
            }
        }
        return new JsonFields(object);
    }

    public boolean has(String key) {
        return object.has(key);
    }

    public JsonNode any(String key) {
        JsonNode value = object.get(key);
        if (value == null) {
            throw new IllegalArgumentException("key '" + key + "' is missing");
        }
        return value;
    }

    public String text(String key) {
        return text(key, any(key));
    }

    public Path path(String key) {
        return Path.of(text(key));
    }

    public boolean flag(String key) {
        return any(key).booleanValueOpt().orElseThrow(() -> wrong(key, "true or false"));
    }

    public long number(String key) {
        if (!any(key).isIntegralNumber() || !any(key).canConvertToLong()) {
            throw wrong(key, "a whole number");
        }
        return any(key).longValue();
    }

    public int smallNumber(String key) {
        long number = number(key);
        if (number != (int) number) {
            throw wrong(key, "a small number");
        }
        return (int) number;
    }

    /** One of an enum, by its name. */
    public <E extends Enum<E>> E choice(String key, Class<E> type) {
        return Enum.valueOf(type, text(key));
    }

    public List<JsonNode> list(String key) {
        if (!any(key).isArray()) {
            throw wrong(key, "a list");
        }
        List<JsonNode> all = new ArrayList<>();
        any(key).forEach(all::add);
        return all;
    }

    public List<String> texts(String key) {
        return list(key).stream().map(each -> text(key, each)).toList();
    }

    /** An object whose keys are data. */
    public SortedMap<String, String> textsByKey(String key) {
        if (!any(key).isObject()) {
            throw wrong(key, "an object");
        }
        SortedMap<String, String> all = new TreeMap<>();
        for (Map.Entry<String, JsonNode> entry : any(key).properties()) {
            all.put(entry.getKey(), text(key, entry.getValue()));
        }
        return all;
    }

    private static String text(String key, JsonNode value) {
        return value.stringValueOpt().orElseThrow(() -> wrong(key, "text"));
    }

    private static IllegalArgumentException wrong(String key, String expected) {
        return new IllegalArgumentException("'" + key + "' is not " + expected);
    }
}
