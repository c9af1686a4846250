package com.pelagicore.softwarecontainer.bus;

/** What became of a request for a bus name. */
public enum NameRequest {
    OWNED,
    /** Somebody else owns it; no queueing, no replacement. */
    TAKEN
}
