package com.pelagicore.softwarecontainer.gateway;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.Quoted;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import com.pelagicore.softwarecontainer.spec.ContainerSpec;
import com.pelagicore.softwarecontainer.spec.GatewayConfig;
import com.pelagicore.softwarecontainer.spec.SpecItem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * Turns what capabilities ask of gateways into one spec. Pure: nothing is kept between calls, nothing is
 * changed. Thread-safe.
 */
public final class GatewayCompiler {

    private final Map<String, Gateway> gateways;
    private final HostFacts host;

    /**
     * Knows the built-in gateways and those that {@link java.util.ServiceLoader} finds.
     *
     * @param builtIn in the order of compiling; they come after the others and so have the last word on a
     *     variable or path that two gateways speak about
     * @throws SoftwareContainerException if two gateways have one id, or a plug-in cannot be loaded
     */
    public GatewayCompiler(List<? extends Gateway> builtIn, ClassLoader plugins, HostFacts host) {
        this.gateways = Registry.of(builtIn, plugins);
        this.host = host;
    }

    /** Ids of all gateways, in the order of compiling. */
    public List<String> ids() {
        return List.copyOf(gateways.keySet());
    }

    /**
     * Compiles all that is asked, in the order given: default capabilities first.
     *
     * @throws SoftwareContainerException INVALID_ARGUMENT naming gateway, capability, file, line and reason;
     *     HOST_REFUSED if a gateway breaks
     */
    public ContainerSpec compile(List<GatewayConfig> configuration) {
        Map<String, List<GatewayConfig>> byGateway = new LinkedHashMap<>();
        for (GatewayConfig config : configuration) {
            requireKnown(config);
            byGateway.computeIfAbsent(config.gateway(), id -> new ArrayList<>()).add(config);
        }
        List<SpecItem> items = new ArrayList<>();
        gateways.forEach((id, gateway) -> {
            List<GatewayConfig> asked = byGateway.getOrDefault(id, List.of());
            if (!asked.isEmpty()) {
                items.addAll(contribution(gateway, asked));
            }
        });
        return ContainerSpec.of(items);
    }

    private void requireKnown(GatewayConfig config) {
        String id = config.gateway();
        if (gateways.containsKey(id)) {
            return;
        }
        throw new SoftwareContainerException(
                ErrorKind.INVALID_ARGUMENT,
                "Could not find any gateway matching id: " + Quoted.line(id, Quoted.MAX_CHARACTERS) + ", capability "
                        + Quoted.text(config.capability()) + ", " + config.file() + ":" + config.line());
    }

    private List<SpecItem> contribution(Gateway gateway, List<GatewayConfig> asked) {
        List<Place> places = places(asked);
        if (places.isEmpty()) {
            GatewayConfig first = asked.get(0);
            throw refuse(first, first.line(), "'config' must be a non-empty array of objects");
        }
        // copies: a plug-in must not be able to change the catalogue
        List<JsonNode> elements =
                places.stream().map(place -> place.json().deepCopy()).toList();
        try {
            return List.copyOf(gateway.contribute(elements, host));
        } catch (InvalidGatewayConfig e) {
            throw refused(e, places);
        } catch (RuntimeException | LinkageError | StackOverflowError e) {
            throw new SoftwareContainerException(
                    ErrorKind.HOST_REFUSED,
                    "Gateway " + Quoted.text(asked.get(0).gateway()) + " broke on its configuration: "
                            + Quoted.line(e.toString(), 2 * Quoted.MAX_CHARACTERS),
                    e);
        }
    }

    private static List<Place> places(List<GatewayConfig> asked) {
        List<Place> places = new ArrayList<>();
        for (GatewayConfig config : asked) {
            for (int i = 0; i < config.elements().size(); i++) {
                places.add(new Place(config, i));
            }
        }
        for (Place place : places) {
            if (!place.json().isObject()) {
                throw place.refuse("it must be an object, not " + ConfigElement.describe(place.json()));
            }
        }
        return places;
    }

    private static SoftwareContainerException refused(InvalidGatewayConfig e, List<Place> places) {
        boolean exists = e.element() >= 0 && e.element() < places.size();
        Place place = places.get(exists ? e.element() : 0);
        SoftwareContainerException refusal = place.refuse(String.valueOf(e.getMessage()));
        refusal.initCause(e);
        return refusal;
    }

    private static SoftwareContainerException refuse(GatewayConfig config, int line, String reason) {
        return new SoftwareContainerException(
                ErrorKind.INVALID_ARGUMENT,
                "Could not set gateway configuration for capability " + Quoted.text(config.capability()) + ": gateway '"
                        + config.gateway() + "', " + config.file() + ":" + line + ": " + reason);
    }

    /** Where an element of the concatenated list comes from. */
    private record Place(GatewayConfig config, int index) {

        JsonNode json() {
            return config.elements().get(index).json();
        }

        SoftwareContainerException refuse(String reason) {
            int line = config.elements().get(index).line();
            return GatewayCompiler.refuse(config, line, "config[" + index + "]: " + reason);
        }
    }
}
