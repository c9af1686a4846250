package com.pelagicore.softwarecontainer.container;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What can be seen of a container.
 *
 * @param capabilities granted so far, in that order, without the defaults
 * @param processes by pid, ascending
 * @param initPid as the host sees it
 * @param limits control group settings that were granted, as their manifests name them
 */
public record ContainerView(
        ContainerId id,
        Owner owner,
        Instant created,
        long initPid,
        ContainerState state,
        List<String> capabilities,
        List<RunningProcess> processes,
        SortedMap<String, String> limits) {

    public ContainerView {
        capabilities = List.copyOf(capabilities);
        processes = List.copyOf(processes);
        limits = Collections.unmodifiableSortedMap(new TreeMap<>(limits));
    }

    /** False for a later container with the same id. */
    public boolean isOfSameContainer(ContainerView other) {
        return id.equals(other.id) && initPid == other.initPid && created.equals(other.created);
    }
}
