package com.pelagicore.softwarecontainer.process;

import java.util.Set;

/**
 * A user of the host, with whose rights a file is opened.
 *
 * @param uid 0 to 4294967294
 * @param groups ids, the primary one among them; may be empty
 */
public record HostUser(long uid, Set<Long> groups) {

    public static final HostUser ROOT = new HostUser(0, Set.of(0L));

    public HostUser {
        groups = Set.copyOf(groups);
    }

    public boolean isRoot() {
        return uid == ROOT.uid();
    }
}
