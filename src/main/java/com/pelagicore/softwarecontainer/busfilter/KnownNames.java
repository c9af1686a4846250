package com.pelagicore.softwarecontainer.busfilter;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The bus names that one contained client may know of: its own, and those of whom it could have to do with. Rules do
 * not say whom they are about, so with any rule that can match all well-known names are among them, but not the agent's;
 * a unique name, once its owner said something that passed, or has such a well-known name.
 */
final class KnownNames {

    /** Of too many the one that was met first is forgotten. */
    static final int LIMIT = 1024;

    private final Policy policy;
    private final Set<String> own = new HashSet<>();
    private final Set<String> met = new LinkedHashSet<>();

    KnownNames(Policy policy) {
        this.policy = policy;
    }

    static boolean isUnique(String name) {
        return name.startsWith(":");
    }

    boolean isOwn(String name) {
        return own.contains(name);
    }

    boolean contains(String name) {
        return name.equals(DriverCalls.BUS)
                || own.contains(name)
                || (isUnique(name) ? met.contains(name) : policy.mayKnow(name));
    }

    /** What the bus gave to the client; empty: nothing. */
    void acquire(String name) {
        if (!name.isEmpty()) {
            own.add(name);
        }
    }

    void lose(String name) {
        own.remove(name);
    }

    /** Whoever has said something; no unique name: nothing. */
    void meet(String name) {
        if (isUnique(name) && met.add(name) && met.size() > LIMIT) {
            met.remove(met.iterator().next());
        }
    }

    void forget(String uniqueName) {
        met.remove(uniqueName);
    }
}
