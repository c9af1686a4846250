package com.pelagicore.softwarecontainer.gateway.network;

import com.pelagicore.softwarecontainer.error.Quoted;
import com.pelagicore.softwarecontainer.gateway.ConfigElement;
import com.pelagicore.softwarecontainer.gateway.InvalidGatewayConfig;
import com.pelagicore.softwarecontainer.spec.NetworkRule;
import com.pelagicore.softwarecontainer.spec.NetworkRule.Direction;
import com.pelagicore.softwarecontainer.spec.NetworkRule.PortRange;
import com.pelagicore.softwarecontainer.spec.NetworkRule.Protocol;
import com.pelagicore.softwarecontainer.spec.Peer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Reads one element of the network gateway. */
final class NetworkConfig {

    private static final Set<Protocol> WITH_PORTS = EnumSet.of(Protocol.TCP, Protocol.UDP);

    private final ConfigElement element;
    private final Direction direction;

    private NetworkConfig(ConfigElement element) {
        this.element = element;
        this.direction = direction(element);
    }

    static List<NetworkRule> of(ConfigElement element) {
        return new NetworkConfig(element).rules();
    }

    private static Direction direction(ConfigElement element) {
        return switch (element.text("direction")) {
            case "INCOMING" -> Direction.INCOMING;
            case "OUTGOING" -> Direction.OUTGOING;
            default ->
                throw element.refuse(
                        "'direction' must be INCOMING or OUTGOING, not " + Quoted.text(element.text("direction")));
        };
    }

    private List<NetworkRule> rules() {
        JsonNode allow = element.json().optional("allow").orElseThrow(() -> element.refuse("'allow' is missing"));
        if (!allow.isArray()) {
            throw element.refuse("'allow' must be an array of objects");
        }
        List<NetworkRule> rules = new ArrayList<>();
        for (JsonNode rule : allow) {
            rules.add(rule(new ConfigElement(element.index(), rule), "allow[" + rules.size() + "]: "));
        }
        return rules;
    }

    private NetworkRule rule(ConfigElement rule, String where) {
        if (!rule.json().isObject()) {
            throw element.refuse(where + "it must be an object");
        }
        try {
            Optional<List<PortRange>> ports =
                    rule.json().optional("ports").map(json -> PortList.of(new ConfigElement(rule.index(), json)));
            return new NetworkRule(direction, peer(rule), protocols(rule, ports.isPresent()), ports.orElse(List.of()));
        } catch (InvalidGatewayConfig e) {
            throw element.refuse(where + e.getMessage());
        }
    }

    private static Peer peer(ConfigElement rule) {
        String host = rule.optionalText("host").orElseThrow(() -> rule.refuse("'host' is missing"));
        try {
            return Peer.parse(host);
        } catch (IllegalArgumentException e) {
            throw rule.refuse("'host' " + Quoted.text(host) + " " + e.getMessage());
        }
    }

    /** Without the key: everything that fits. Ports are for tcp and udp only. */
    private static Set<Protocol> protocols(ConfigElement rule, boolean withPorts) {
        Optional<JsonNode> json = rule.json().optional("protocols");
        if (json.isEmpty()) {
            return withPorts ? WITH_PORTS : EnumSet.allOf(Protocol.class);
        }
        Set<Protocol> protocols = EnumSet.noneOf(Protocol.class);
        for (JsonNode word : json.get().isArray() ? json.get() : List.of(json.get())) {
            protocols.add(protocol(word, rule));
        }
        if (protocols.isEmpty()) {
            throw rule.refuse("'protocols' is an empty array");
        }
        if (withPorts && protocols.stream().noneMatch(WITH_PORTS::contains)) {
            throw rule.refuse("'ports' is there, but icmp has no ports");
        }
        return protocols;
    }

    private static Protocol protocol(JsonNode word, ConfigElement rule) {
        return switch (word.stringValueOpt().orElse("")) {
            case "tcp" -> Protocol.TCP;
            case "udp" -> Protocol.UDP;
            case "icmp" -> Protocol.ICMP;
            default ->
                throw rule.refuse("'protocols' must be tcp, udp or icmp or an array of these, not "
                        + Quoted.text(word.stringValueOpt().orElseGet(word::toString)));
        };
    }
}
