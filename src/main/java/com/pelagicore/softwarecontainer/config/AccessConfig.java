package com.pelagicore.softwarecontainer.config;

import java.nio.file.Path;
import java.util.List;

/**
 * Who besides root may use the agent, and for what.
 *
 * @param group name or id; empty: nobody by membership
 * @param polkit whether polkit is asked about others
 * @param readablePaths directories of the host that they may mount from
 * @param writablePaths directories of the host that they may mount from for writing too
 * @param containersPerUser how many containers each of them may have
 */
public record AccessConfig(
        String group, boolean polkit, List<Path> readablePaths, List<Path> writablePaths, int containersPerUser) {

    public AccessConfig {
        readablePaths = List.copyOf(readablePaths);
        writablePaths = List.copyOf(writablePaths);
    }
}
