package com.pelagicore.softwarecontainer.config;

/** What becomes of containers when the agent is stopped by a signal. */
public enum OnStop {
    /** They go on, for the next agent to adopt. */
    KEEP,
    /** They are destroyed, as the original did. */
    DESTROY
}
