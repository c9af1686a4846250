package com.pelagicore.softwarecontainer.spec;

import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * What one capability asks of one gateway, and where that is written.
 *
 * @param gateway id as written; there need not be such a gateway
 * @param file service manifest
 * @param line of the gateway object, from 1
 * @param elements of "config", in order; of any JSON type; may be empty
 */
public record GatewayConfig(String gateway, String capability, Path file, int line, List<Element> elements) {

    /** {@code line} from 1. */
    public record Element(JsonNode json, int line) {}

    public GatewayConfig {
        elements = List.copyOf(elements);
    }
}
