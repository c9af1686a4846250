package com.pelagicore.softwarecontainer.undo;

import com.pelagicore.softwarecontainer.spec.BusRule;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Rules of the D-Bus filter in a journal file. */
final class BusRuleLines {

    private BusRuleLines() {}

    static JsonNode toJson(List<BusRule> rules) {
        ArrayNode json = JsonNodeFactory.instance.arrayNode();
        for (BusRule rule : rules) {
            ObjectNode object = json.addObject()
                    .put("bus", rule.bus().name())
                    .put("direction", rule.direction().name())
                    .put("interface", rule.interfaceName())
                    .put("path", rule.objectPath());
            ArrayNode methods = object.putArray("methods");
            rule.methods().forEach(methods::add);
        }
        return json;
    }

    static List<BusRule> parse(JsonNode json) {
        List<BusRule> rules = new ArrayList<>();
        for (JsonNode rule : json) {
            List<String> methods = new ArrayList<>();
            rule.required("methods").forEach(method -> methods.add(method.asString()));
            rules.add(new BusRule(
                    BusRule.Bus.valueOf(rule.required("bus").asString()),
                    BusRule.Direction.valueOf(rule.required("direction").asString()),
                    rule.required("interface").asString(),
                    rule.required("path").asString(),
                    methods));
        }
        return rules;
    }
}
