package com.pelagicore.softwarecontainer.error;

/** Why a request was refused, as far as a caller may want to branch on it. */
public enum ErrorKind {
    /** An argument, a configuration or a manifest is not acceptable; nothing was changed. */
    INVALID_ARGUMENT,
    /** The container, capability or host path named does not exist. */
    NOT_FOUND,
    /** The container is in a state in which this verb is not allowed. */
    WRONG_STATE,
    /** What was to be made exists already and belongs to somebody else. */
    ALREADY_EXISTS,
    /** The caller may not do that; nothing was changed. */
    ACCESS_DENIED,
    /** A limit of the agent or of the host is reached. */
    LIMIT_EXCEEDED,
    /** The host did not do in time what it was asked for. */
    TIMED_OUT,
    /** The host (kernel, LXC, file system) refused a step; what had been done was undone. */
    HOST_REFUSED
}
