package com.pelagicore.softwarecontainer.container;

import java.util.List;

/**
 * A process that was started in a container and has not ended.
 *
 * @param pid as the host sees it
 * @param arguments its program and their arguments
 */
public record RunningProcess(long pid, List<String> arguments) {

    public RunningProcess {
        arguments = List.copyOf(arguments);
    }
}
