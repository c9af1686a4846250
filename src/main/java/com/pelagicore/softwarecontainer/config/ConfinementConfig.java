package com.pelagicore.softwarecontainer.config;

import com.pelagicore.softwarecontainer.spec.IdRange;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * How containers are to be kept apart from the host.
 *
 * @param legacy all of them with the privileges of earlier releases
 * @param legacyOnRequest whether a client may ask for such a container
 * @param required pieces without which the agent does not start
 * @param idRange for all containers together; empty: that of /etc/subuid and /etc/subgid, else the built-in one
 * @param processLimit of each container; empty: none
 */
public record ConfinementConfig(
        boolean legacy,
        boolean legacyOnRequest,
        Set<ConfinementPiece> required,
        Optional<IdRange> idRange,
        OptionalInt processLimit) {

    public ConfinementConfig {
        required = Set.copyOf(required);
    }
}
