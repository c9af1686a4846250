package com.pelagicore.softwarecontainer.container;

/** States of a container; what is possible in each is in {@link Verb}. */
public enum ContainerState {
    READY,
    SUSPENDED,
    /** Its processes died, or a change to it went wrong half-way; it can only be destroyed. */
    INVALID,
    DESTROYED
}
