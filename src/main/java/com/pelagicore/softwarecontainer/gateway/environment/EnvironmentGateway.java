package com.pelagicore.softwarecontainer.gateway.environment;

import com.pelagicore.softwarecontainer.error.Quoted;
import com.pelagicore.softwarecontainer.gateway.ConfigElement;
import com.pelagicore.softwarecontainer.gateway.Gateway;
import com.pelagicore.softwarecontainer.gateway.HostFacts;
import com.pelagicore.softwarecontainer.spec.EnvironmentVariable;
import com.pelagicore.softwarecontainer.spec.SpecItem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Sets environment variables; the element format is in docs/gateways/env.md. */
public final class EnvironmentGateway implements Gateway {

    @Override
    public String id() {
        return "env";
    }

    @Override
    public List<SpecItem> contribute(List<JsonNode> elements, HostFacts host) {
        Map<String, String> variables = new LinkedHashMap<>();
        for (ConfigElement element : ConfigElement.of(elements)) {
            EnvironmentConfig config = EnvironmentConfig.of(element);
            String old = variables.get(config.name());
            variables.put(config.name(), old == null ? config.value() : changed(old, config, element));
        }
        List<SpecItem> items = new ArrayList<>();
        variables.forEach((name, value) -> items.add(new EnvironmentVariable(name, value)));
        return items;
    }

    private static String changed(String old, EnvironmentConfig config, ConfigElement element) {
        return switch (config.mode()) {
            case SET -> same(old, config, element);
            case APPEND -> old + config.separator() + config.value();
            case PREPEND -> config.value() + config.separator() + old;
        };
    }

    /** Values are kept out of the message: they may be secrets. */
    private static String same(String old, EnvironmentConfig config, ConfigElement element) {
        if (!config.value().equals(old)) {
            throw element.refuse("'name' " + Quoted.text(config.name())
                    + " is set already, to another value; 'mode' append or prepend would add to it");
        }
        return old;
    }
}
