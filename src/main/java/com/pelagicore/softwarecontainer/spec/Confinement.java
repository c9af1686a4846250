package com.pelagicore.softwarecontainer.spec;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * How a container is kept apart from the host; decided when it is made, and the same as long as it lives.
 *
 * @param legacy the privileges of earlier releases: capabilities, all system calls, programs that change their user
 * @param ids what is 0 and up in the container is this on the host; empty: it shares the host's users and groups
 * @param systemCallFilter refuses system calls that applications have no business with
 * @param appArmorProfile name of a loaded profile; empty: LXC's own, where there is AppArmor
 * @param processLimit most processes and threads at a time; empty: no limit
 */
public record Confinement(
        boolean legacy,
        Optional<IdRange> ids,
        boolean systemCallFilter,
        Optional<String> appArmorProfile,
        OptionalInt processLimit) {

    /** As containers of earlier releases were. */
    public static final Confinement LEGACY =
            new Confinement(true, Optional.empty(), false, Optional.empty(), OptionalInt.empty());

    public Confinement {
        if (legacy && (ids.isPresent() || systemCallFilter)) {
            throw new IllegalArgumentException("confined, and with the privileges of earlier releases");
        }
    }
}
