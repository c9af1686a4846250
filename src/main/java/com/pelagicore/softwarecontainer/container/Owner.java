package com.pelagicore.softwarecontainer.container;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Who made a container.
 *
 * @param uid of the host, 0 to 4294967294
 */
public record Owner(long uid) {

    public static final Owner ROOT = new Owner(0);

    /** The journal's fact. A container whose journal has none is root's: an older agent served nobody else. */
    static final String FACT = "owner";

    public Owner {
        if (uid < 0 || uid >= 0xffff_ffffL) {
            throw new IllegalArgumentException("no user id: " + uid);
        }
    }

    JsonNode toJson() {
        return JsonNodeFactory.instance.objectNode().put("uid", uid);
    }

    /** As {@link #toJson} wrote it. */
    static Owner of(JsonNode fact) {
        return new Owner(fact.path("uid").asLong(-1));
    }
}
