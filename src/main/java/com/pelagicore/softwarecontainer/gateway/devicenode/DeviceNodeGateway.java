package com.pelagicore.softwarecontainer.gateway.devicenode;

import com.pelagicore.softwarecontainer.gateway.ConfigElement;
import com.pelagicore.softwarecontainer.gateway.Gateway;
import com.pelagicore.softwarecontainer.gateway.HostFacts;
import com.pelagicore.softwarecontainer.spec.DeviceNode;
import com.pelagicore.softwarecontainer.spec.SpecItem;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Gives devices of the host; the element format is in docs/gateways/devicenode.md. */
public final class DeviceNodeGateway implements Gateway {

    @Override
    public String id() {
        return "devicenode";
    }

    /** Of one device, all that any element permits. */
    @Override
    public List<SpecItem> contribute(List<JsonNode> elements, HostFacts host) {
        Map<Path, DeviceNode> devices = new LinkedHashMap<>();
        for (ConfigElement element : ConfigElement.of(elements)) {
            DeviceNode device = DeviceNodeConfig.of(element);
            devices.merge(device.path(), device, DeviceNode::unitedWith);
        }
        return List.copyOf(devices.values());
    }
}
