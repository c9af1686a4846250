package com.pelagicore.softwarecontainer.agent;

import java.util.List;
import java.util.Map;

/**
 * What is to be executed, as it came from a caller.
 *
 * @param arguments the program and its arguments; perhaps empty, which is refused
 * @param environment stronger than what is granted
 * @param workingDirectory in the container; empty: the root
 */
public record Program(List<String> arguments, Map<String, String> environment, String workingDirectory) {

    public Program {
        arguments = List.copyOf(arguments);
        environment = Map.copyOf(environment);
    }
}
