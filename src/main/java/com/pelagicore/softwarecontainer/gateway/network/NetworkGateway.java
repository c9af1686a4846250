package com.pelagicore.softwarecontainer.gateway.network;

import com.pelagicore.softwarecontainer.gateway.ConfigElement;
import com.pelagicore.softwarecontainer.gateway.Gateway;
import com.pelagicore.softwarecontainer.gateway.HostFacts;
import com.pelagicore.softwarecontainer.spec.SpecItem;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Lets traffic pass; the element format is in docs/gateways/network.md. */
public final class NetworkGateway implements Gateway {

    @Override
    public String id() {
        return "network";
    }

    /** The rules of all elements: what any of them allows is allowed. */
    @Override
    public List<SpecItem> contribute(List<JsonNode> elements, HostFacts host) {
        Set<SpecItem> rules = new LinkedHashSet<>();
        for (ConfigElement element : ConfigElement.of(elements)) {
            rules.addAll(NetworkConfig.of(element));
        }
        return List.copyOf(rules);
    }
}
