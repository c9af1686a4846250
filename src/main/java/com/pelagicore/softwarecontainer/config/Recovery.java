package com.pelagicore.softwarecontainer.config;

/** What the agent does at start with containers that an earlier agent left behind. */
public enum Recovery {
    /** Take them over as they are. */
    ADOPT,
    /** Stop and remove them, as the original did. */
    DESTROY
}
