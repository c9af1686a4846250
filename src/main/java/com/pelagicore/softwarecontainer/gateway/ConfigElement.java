package com.pelagicore.softwarecontainer.gateway;

import com.pelagicore.softwarecontainer.error.Quoted;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Reads the keys of one configuration element. A value of a wrong type is refused, never converted; keys
 * that nobody asks for are ignored.
 *
 * @param index in the list given to {@link Gateway#contribute}
 * @param json an object
 */
public record ConfigElement(int index, JsonNode json) {

    public static List<ConfigElement> of(List<JsonNode> elements) {
        List<ConfigElement> numbered = new ArrayList<>();
        for (JsonNode json : elements) {
            numbered.add(new ConfigElement(numbered.size(), json));
        }
        return numbered;
    }

    /** A text that must be there: not empty, without NUL. */
    public String text(String key) {
        String text = optionalText(key).orElseThrow(() -> refuse("'" + key + "' is missing"));
        if (text.isEmpty()) {
            throw refuse("'" + key + "' is empty");
        }
        return text;
    }

    /** A text without NUL; may be empty. */
    public Optional<String> optionalText(String key) {
        Optional<JsonNode> value = json.optional(key);
        if (value.isEmpty()) {
            return Optional.empty();
        }
        String text = value.get().stringValueOpt().orElseThrow(() -> wrongType(key, "a string", value.get()));
        if (text.indexOf('\0') >= 0) {
            throw refuse("'" + key + "' contains NUL");
        }
        return Optional.of(text);
    }

    public boolean flag(String key, boolean ifMissing) {
        return json.optional(key)
                .map(value -> value.booleanValueOpt().orElseThrow(() -> wrongType(key, "true or false", value)))
                .orElse(ifMissing);
    }

    /** A flag that must be there. */
    public boolean flag(String key) {
        if (json.optional(key).isEmpty()) {
            throw refuse("'" + key + "' is missing");
        }
        return flag(key, false);
    }

    /** To be thrown; the reason names the key. */
    public InvalidGatewayConfig refuse(String reason) {
        return new InvalidGatewayConfig(index, reason);
    }

    /** The type of a JSON value in words, with the value if it is short by nature. */
    static String describe(JsonNode value) {
        return switch (value.getNodeType()) {
            case ARRAY -> "an array";
            case OBJECT -> "an object";
            case STRING -> "the string " + Quoted.text(value.stringValue());
            case BOOLEAN, NULL -> value.toString();
            case NUMBER -> "the number " + value;
            case BINARY, MISSING, POJO -> value.getNodeType().name().toLowerCase(Locale.ROOT);
        };
    }

    /** To be thrown if a value is not as {@code expected}. */
    public InvalidGatewayConfig wrongType(String key, String expected, JsonNode found) {
        return refuse("'" + key + "' must be " + expected + ", not " + describe(found));
    }
}
