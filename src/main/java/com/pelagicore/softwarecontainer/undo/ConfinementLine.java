package com.pelagicore.softwarecontainer.undo;

import com.pelagicore.softwarecontainer.spec.Confinement;
import com.pelagicore.softwarecontainer.spec.IdRange;
import java.util.OptionalInt;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A confinement in a journal; what is empty is left out. */
final class ConfinementLine {

    private ConfinementLine() {}

    static ObjectNode toJson(Confinement confinement) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("legacy", confinement.legacy())
                .put("systemCallFilter", confinement.systemCallFilter());
        confinement.ids().ifPresent(ids -> json.put("firstId", ids.first()).put("idCount", ids.count()));
        confinement.appArmorProfile().ifPresent(profile -> json.put("appArmorProfile", profile));
        confinement.processLimit().ifPresent(limit -> json.put("processLimit", limit));
        return json;
    }

    static Confinement parse(JsonNode json) {
        return new Confinement(
                json.required("legacy").asBoolean(),
                json.optional("firstId")
                        .map(first -> new IdRange(
                                first.asInt(), json.required("idCount").asInt())),
                json.required("systemCallFilter").asBoolean(),
                json.optional("appArmorProfile").map(JsonNode::asString),
                json.optional("processLimit")
                        .map(limit -> OptionalInt.of(limit.asInt()))
                        .orElse(OptionalInt.empty()));
    }
}
