package com.pelagicore.softwarecontainer.agent;

import java.util.List;
import java.util.SortedMap;

/** What is known of the host that the agent runs on. Thread-safe. */
public interface HostReport {

    /**
     * One thing that the host has or lacks.
     *
     * @param verdict {@code present}; {@code lacking}, the agent makes do without; {@code missing}, it cannot
     * @param text what there is, or why not and what that costs; may be empty
     */
    record Finding(String name, String verdict, String text) {}

    /** Of the agent. */
    String version();

    /** By name; they do not change. */
    SortedMap<String, String> facts();

    /** Those of confinement as of the start, when containers were decided on; the others are looked at anew. */
    List<Finding> findings();
}
