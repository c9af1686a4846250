package com.pelagicore.softwarecontainer.gateway;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What a gateway may know of the host.
 *
 * @param environment the agent's own environment
 * @param settings keys of the agent's configuration that are meant for gateways, those that are given; paths are
 *     absolute
 * @param exists whether there is a file at a path
 */
public record HostFacts(Map<String, String> environment, Map<String, String> settings, Predicate<Path> exists) {

    public HostFacts {
        environment = Map.copyOf(environment);
        settings = Map.copyOf(settings);
    }

    /** A host without settings and files. */
    public HostFacts(Map<String, String> environment) {
        this(environment, Map.of(), path -> false);
    }

    /** A variable of the agent's environment; an empty one is as good as none. */
    public Optional<String> variable(String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
    }

    public Optional<String> setting(String key) {
        return Optional.ofNullable(settings.get(key));
    }
}
