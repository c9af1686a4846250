package com.pelagicore.softwarecontainer.container;

import com.pelagicore.softwarecontainer.config.ContainerOptions;
import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import com.pelagicore.softwarecontainer.spec.Confinement;
import com.pelagicore.softwarecontainer.spec.IdRange;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Decides how each new container is confined, after what the host offers and the configuration wants.
 *
 * @param legacy all containers have the privileges of earlier releases
 * @param legacyOnRequest whether a client may ask for them
 * @param ids for all containers together; empty: the host has no user namespaces for them
 * @param systemCallFilter whether the host can filter system calls
 * @param appArmorProfile name of a loaded profile
 */
public record ConfinementPolicy(
        boolean legacy,
        boolean legacyOnRequest,
        Optional<IdRange> ids,
        boolean systemCallFilter,
        Optional<String> appArmorProfile,
        OptionalInt processLimit) {

    /**
     * How this container is to be confined.
     *
     * @throws SoftwareContainerException INVALID_ARGUMENT if it asks for what is not allowed, LIMIT_EXCEEDED if
     *     there are no ids for it
     */
    Confinement confinementOf(ContainerId id, ContainerOptions options) {
        if (options.legacy() && !legacy && !legacyOnRequest) {
            throw new SoftwareContainerException(
                    ErrorKind.INVALID_ARGUMENT,
                    "Containers with legacy confinement are not allowed by the agent's configuration,"
                            + " see 'allow-legacy-containers'");
        }
        if (legacy || options.legacy()) {
            return new Confinement(true, Optional.empty(), false, Optional.empty(), processLimit);
        }
        return new Confinement(
                false, ids.map(range -> idsOf(id, range)), systemCallFilter, appArmorProfile, processLimit);
    }

    /** Whether a container of this number would have ids of that range. */
    boolean wouldShare(ContainerId id, IdRange taken) {
        return ids.filter(range -> id.value() < range.containers())
                .map(range -> range.ofContainer(id.value()).overlaps(taken))
                .orElse(false);
    }

    /** The number of a container is free again as soon as its ids are. */
    private static IdRange idsOf(ContainerId id, IdRange range) {
        if (id.value() >= range.containers()) {
            throw new SoftwareContainerException(
                    ErrorKind.LIMIT_EXCEEDED,
                    "There are user ids for " + range.containers() + " containers, see 'id-range', and none for "
                            + id.name());
        }
        return range.ofContainer(id.value());
    }
}
