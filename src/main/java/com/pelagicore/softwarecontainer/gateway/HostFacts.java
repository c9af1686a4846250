package com.pelagicore.softwarecontainer.gateway;

import java.util.Map;

/**
 * What a gateway may know of the host.
 *
 * @param environment the agent's own environment
 */
public record HostFacts(Map<String, String> environment) {

    public HostFacts {
        environment = Map.copyOf(environment);
    }
}
