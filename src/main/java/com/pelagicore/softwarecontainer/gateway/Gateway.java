package com.pelagicore.softwarecontainer.gateway;

import com.pelagicore.softwarecontainer.spec.SpecItem;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * A plug-in that turns configuration into what happens to a container. Found in the list of built-in
 * gateways or by {@link java.util.ServiceLoader}. Implementations are stateless, pure and thread-safe.
 */
public interface Gateway {

    /** The {@code id} in service manifests; unique among all gateways. */
    String id();

    /**
     * Says what these elements do to a container.
     *
     * @param elements all elements configured for this gateway, in order: default capabilities first, then
     *     the granted ones; at least one
     * @return merged items: at most one per variable or container path
     * @throws InvalidGatewayConfig naming element index, key and reason; the first defect ends the call
     */
    List<SpecItem> contribute(List<JsonNode> elements, HostFacts host);
}
