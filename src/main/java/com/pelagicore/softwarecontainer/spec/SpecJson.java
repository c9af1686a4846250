package com.pelagicore.softwarecontainer.spec;

import com.pelagicore.softwarecontainer.spec.BusRule.Bus;
import com.pelagicore.softwarecontainer.spec.NetworkRule.PortRange;
import com.pelagicore.softwarecontainer.spec.NetworkRule.Protocol;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What is granted, as journals keep it. A change of this format raises the format of journals; what is read must be
 * known to the last key.
 */
public final class SpecJson {

    private SpecJson() {}

    public static ObjectNode toJson(ContainerSpec spec) {
        ObjectNode json = object();
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
        ArrayNode network = json.putArray("network");
        spec.network().forEach(rule -> network.add(toJson(rule)));
        ArrayNode buses = json.putArray("buses");
        spec.buses().forEach(bus -> buses.add(bus.name()));
        json.set("busRules", toJson(spec.busRules()));
        return json;
    }

    /**
     * Reads what {@link #toJson(ContainerSpec)} wrote.
     *
     * @throws IllegalArgumentException if it is something else, or more
     */
    public static ContainerSpec parse(JsonNode json) {
        JsonFields spec = JsonFields.of(
                json, "environment", "mounts", "sockets", "devices", "cgroups", "network", "buses", "busRules");
        List<SpecItem> items = new ArrayList<>();
        spec.textsByKey("environment").forEach((name, value) -> items.add(new EnvironmentVariable(name, value)));
        spec.list("mounts").forEach(each -> items.add(mount(JsonFields.of(each, "host", "container", "readOnly"))));
        spec.list("sockets").forEach(each -> items.add(socket(JsonFields.of(each, "host", "container", "origin"))));
        spec.list("devices")
                .forEach(each -> items.add(device(JsonFields.of(each, "path", "asOnHost", "permissionBits"))));
        spec.textsByKey("cgroups").forEach((key, value) -> items.add(new CgroupSetting(key, value)));
        spec.list("network")
                .forEach(each -> items.add(rule(JsonFields.of(each, "direction", "peer", "protocols", "ports"))));
        spec.texts("buses").forEach(bus -> items.add(new BusAccess(Bus.valueOf(bus))));
        items.addAll(parseBusRules(spec.any("busRules")));
        return ContainerSpec.of(items);
    }

    public static ArrayNode toJson(Collection<BusRule> rules) {
        ArrayNode json = JsonNodeFactory.instance.arrayNode();
        for (BusRule rule : rules) {
            ArrayNode methods = json.addObject()
                    .put("bus", rule.bus().name())
                    .put("direction", rule.direction().name())
                    .put("interface", rule.interfaceName())
                    .put("path", rule.objectPath())
                    .putArray("methods");
            rule.methods().forEach(methods::add);
        }
        return json;
    }

    /** The same for the rules of buses alone. */
    public static List<BusRule> parseBusRules(JsonNode json) {
        List<BusRule> rules = new ArrayList<>();
        for (JsonNode each : json) {
            JsonFields rule = JsonFields.of(each, "bus", "direction", "interface", "path", "methods");
            rules.add(new BusRule(
                    rule.choice("bus", Bus.class),
                    rule.choice("direction", BusRule.Direction.class),
                    rule.text("interface"),
                    rule.text("path"),
                    rule.texts("methods")));
        }
        return rules;
    }

    private static BindMount mount(JsonFields mount) {
        return new BindMount(mount.path("host"), mount.path("container"), mount.flag("readOnly"));
    }

    private static SocketMount socket(JsonFields socket) {
        return new SocketMount(socket.path("host"), socket.path("container"), socket.text("origin"));
    }

    private static DeviceNode device(JsonFields device) {
        return new DeviceNode(device.path("path"), device.flag("asOnHost"), device.smallNumber("permissionBits"));
    }

    private static ObjectNode toJson(NetworkRule rule) {
        ObjectNode json = object().put("direction", rule.direction().name())
                .put("peer", rule.peer().toString());
        ArrayNode protocols = json.putArray("protocols");
        rule.protocols().forEach(protocol -> protocols.add(protocol.name()));
        ArrayNode ports = json.putArray("ports");
        rule.ports()
                .forEach(range -> ports.addObject().put("first", range.first()).put("last", range.last()));
        return json;
    }

    private static NetworkRule rule(JsonFields rule) {
        Set<Protocol> protocols = rule.texts("protocols").stream()
                .map(Protocol::valueOf)
                .collect(Collectors.toCollection(LinkedHashSet::new));
        return new NetworkRule(
                rule.choice("direction", NetworkRule.Direction.class),
                Peer.parse(rule.text("peer")),
                protocols,
                rule.list("ports").stream().map(SpecJson::ports).toList());
    }

    private static PortRange ports(JsonNode json) {
        JsonFields range = JsonFields.of(json, "first", "last");
        return new PortRange(range.smallNumber("first"), range.smallNumber("last"));
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
