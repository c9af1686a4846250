package com.pelagicore.softwarecontainer.gateway.dbus;

import com.pelagicore.softwarecontainer.error.Quoted;
import com.pelagicore.softwarecontainer.gateway.ConfigElement;
import com.pelagicore.softwarecontainer.spec.BusRule;
import com.pelagicore.softwarecontainer.spec.BusRule.Bus;
import com.pelagicore.softwarecontainer.spec.BusRule.Direction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/**
 * One element of the dbus gateway.
 *
 * @param buses that it names, also with no rule; at least one
 */
record DbusConfig(Set<Bus> buses, List<BusRule> rules) {

    private static final String PREFIX = "dbus-gateway-config-";

    static DbusConfig of(ConfigElement element) {
        Set<Bus> buses = new TreeSet<>();
        List<BusRule> rules = new ArrayList<>();
        for (Bus bus : Bus.values()) {
            element.json().optional(key(bus)).ifPresent(value -> {
                buses.add(bus);
                rules.addAll(rules(bus, value, element));
            });
        }
        if (buses.isEmpty()) {
            throw element.refuse("neither '" + key(Bus.SESSION) + "' nor '" + key(Bus.SYSTEM) + "' is there");
        }
        return new DbusConfig(buses, rules);
    }

    private static String key(Bus bus) {
        return switch (bus) {
            case SESSION -> PREFIX + "session";
            case SYSTEM -> PREFIX + "system";
        };
    }

    private static List<BusRule> rules(Bus bus, JsonNode value, ConfigElement element) {
        if (!value.isArray()) {
            throw element.refuse("'" + key(bus) + "' must be an array of objects");
        }
        List<BusRule> rules = new ArrayList<>();
        for (JsonNode json : value) {
            rules.add(new Rule(key(bus) + "[" + rules.size() + "]", json, element).read(bus));
        }
        return rules;
    }

    /**
     * One rule.
     *
     * @param place for messages
     */
    private record Rule(String place, JsonNode json, ConfigElement element) {

        BusRule read(Bus bus) {
            if (!json.isObject()) {
                throw element.refuse("'" + place + "' must be an object");
            }
            return new BusRule(bus, direction(), text("interface"), text("object-path"), methods());
        }

        private Direction direction() {
            String word = text("direction");
            return switch (word) {
                case "*" -> Direction.BOTH;
                case "outgoing" -> Direction.OUTGOING;
                case "incoming" -> Direction.INCOMING;
                default ->
                    throw element.refuse(
                            "'" + place + ".direction' must be *, outgoing or incoming, not " + Quoted.text(word));
            };
        }

        private List<String> methods() {
            JsonNode value = required("method");
            if (!value.isArray()) {
                return List.of(text(value, "method", "a string or an array of strings"));
            }
            List<String> methods = new ArrayList<>();
            for (JsonNode method : value) {
                methods.add(text(method, "method[" + methods.size() + "]", "a string"));
            }
            return methods;
        }

        private String text(String key) {
            return text(required(key), key, "a string");
        }

        private String text(JsonNode value, String key, String expected) {
            Optional<String> text = value.stringValueOpt();
            return text.orElseThrow(() -> element.refuse("'" + place + "." + key + "' must be " + expected));
        }

        private JsonNode required(String key) {
            return json.optional(key).orElseThrow(() -> element.refuse("'" + place + "." + key + "' is missing"));
        }
    }
}
