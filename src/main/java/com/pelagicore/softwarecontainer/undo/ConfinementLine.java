package com.pelagicore.softwarecontainer.undo;

import com.pelagicore.softwarecontainer.spec.Confinement;
import com.pelagicore.softwarecontainer.spec.IdRange;
import com.pelagicore.softwarecontainer.spec.JsonFields;
import java.util.Optional;
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
        JsonFields line = JsonFields.of(
                json, "legacy", "systemCallFilter", "firstId", "idCount", "appArmorProfile", "processLimit");
        return new Confinement(
                line.flag("legacy"),
                line.has("firstId")
                        ? Optional.of(new IdRange(line.smallNumber("firstId"), line.smallNumber("idCount")))
                        : Optional.empty(),
                line.flag("systemCallFilter"),
                line.has("appArmorProfile") ? Optional.of(line.text("appArmorProfile")) : Optional.empty(),
                line.has("processLimit") ? OptionalInt.of(line.smallNumber("processLimit")) : OptionalInt.empty());
    }
}
