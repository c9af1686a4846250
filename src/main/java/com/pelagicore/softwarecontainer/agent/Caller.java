package com.pelagicore.softwarecontainer.agent;

import com.pelagicore.softwarecontainer.container.Owner;
import java.util.Set;

/**
 * Who asks, as a front door found out.
 *
 * @param name of the connection, for the log
 * @param uid of the host, 0 to 4294967294
 * @param groups ids of the host; may be empty
 */
public record Caller(String name, long uid, Set<Long> groups) {

    public Caller {
        groups = Set.copyOf(groups);
    }

    public boolean isRoot() {
        return uid == Owner.ROOT.uid();
    }

    /** The owner of what the caller makes. */
    public Owner owner() {
        return new Owner(uid);
    }
}
