package com.pelagicore.softwarecontainer.agent;

import com.pelagicore.softwarecontainer.container.Owner;
import java.util.EnumSet;
import java.util.Set;

/**
 * Who asks, as a front door found out.
 *
 * @param name of the connection, for the log and the {@link Authority}
 * @param uid of the host, 0 to 4294967294
 * @param groups ids of the host; may be empty
 * @param interactive whether a person there may be asked, for a password for instance
 * @param granted what the {@link Authority} granted for this one call
 */
public record Caller(String name, long uid, Set<Long> groups, boolean interactive, Set<Permission> granted) {

    public Caller {
        groups = Set.copyOf(groups);
        granted = Set.copyOf(granted);
    }

    public Caller(String name, long uid, Set<Long> groups) {
        this(name, uid, groups, false, Set.of());
    }

    public boolean isRoot() {
        return uid == Owner.ROOT.uid();
    }

    /** The owner of what the caller makes. */
    public Owner owner() {
        return new Owner(uid);
    }

    Caller with(Permission permission) {
        Set<Permission> all = EnumSet.of(permission);
        all.addAll(granted);
        return new Caller(name, uid, groups, interactive, all);
    }
}
