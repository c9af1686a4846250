package com.pelagicore.softwarecontainer.process;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A process to be started in a container.
 *
 * @param arguments not empty; the first is the program, searched in the PATH of the environment
 * @param environment all of it; nothing is added
 * @param workingDirectory in the container; must exist
 * @param outputFile on the host, absolute, created or truncated, receives stdout and stderr; empty: discarded
 */
public record SpawnRequest(
        List<String> arguments,
        SortedMap<String, String> environment,
        String workingDirectory,
        Optional<Path> outputFile) {

    public SpawnRequest {
        arguments = List.copyOf(arguments);
        environment = Collections.unmodifiableSortedMap(new TreeMap<>(environment));
        if (arguments.isEmpty()) {
            throw new IllegalArgumentException("no program");
        }
    }
}
