package com.pelagicore.softwarecontainer.container;

import com.pelagicore.softwarecontainer.spec.ContainerSpec;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What is granted to a container.
 *
 * @param capabilities in the order in which they were granted, without the defaults
 * @param spec what they and the defaults amount to
 */
record Grant(Set<String> capabilities, ContainerSpec spec) {

    /** Kind of the fact in the journal. */
    static final String FACT = "granted";

    Grant {
        capabilities = Collections.unmodifiableSet(new LinkedHashSet<>(capabilities));
    }

    JsonNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode names = json.putArray("capabilities");
        capabilities.forEach(names::add);
        ObjectNode environment = json.putObject("environment");
        spec.environment().forEach(environment::put);
        ArrayNode mounts = json.putArray("mounts");
        spec.mounts().values().forEach(mount -> mounts.addObject()
                .put("host", mount.hostPath().toString())
                .put("container", mount.containerPath().toString())
                .put("readOnly", mount.readOnly()));
        ArrayNode sockets = json.putArray("sockets");
        spec.sockets().values().forEach(socket -> sockets.addObject()
                .put("host", socket.hostPath().toString())
                .put("container", socket.containerPath().toString())
                .put("origin", socket.origin()));
        ArrayNode devices = json.putArray("devices");
        spec.devices().values().forEach(device -> devices.addObject()
                .put("path", device.path().toString())
                .put("asOnHost", device.asOnHost())
                .put("permissionBits", device.permissionBits()));
        ObjectNode cgroups = json.putObject("cgroups");
        spec.cgroups().forEach(cgroups::put);
        return json;
    }
}
