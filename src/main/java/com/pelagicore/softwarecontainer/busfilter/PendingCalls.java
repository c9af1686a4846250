package com.pelagicore.softwarecontainer.busfilter;

import java.util.LinkedHashSet;
import java.util.Set;

/** Calls that passed and have no answer yet. Of too many the oldest is forgotten, and its answer will not pass. */
final class PendingCalls {

    static final int LIMIT = 1024;

    /**
     * A call.
     *
     * @param caller as the one who answers sees it; empty: the client at this end
     */
    private record Call(String caller, long serial) {}

    private final Set<Call> calls = new LinkedHashSet<>();

    void add(String caller, long serial) {
        calls.add(new Call(caller, serial));
        if (calls.size() > LIMIT) {
            calls.remove(calls.iterator().next());
        }
    }

    /** True once for each call. */
    boolean answer(String caller, long serial) {
        return calls.remove(new Call(caller, serial));
    }
}
