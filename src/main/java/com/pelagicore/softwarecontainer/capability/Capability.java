package com.pelagicore.softwarecontainer.capability;

import com.pelagicore.softwarecontainer.spec.GatewayConfig;
import java.util.List;

/**
 * A capability as one manifest has it.
 *
 * @param name any text; may be empty
 * @param gateways in the order of the manifest; may be empty
 */
record Capability(String name, List<GatewayConfig> gateways) {

    Capability {
        gateways = List.copyOf(gateways);
    }
}
