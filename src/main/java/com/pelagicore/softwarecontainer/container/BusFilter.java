package com.pelagicore.softwarecontainer.container;

import com.pelagicore.softwarecontainer.spec.BusRule;
import com.pelagicore.softwarecontainer.spec.BusRule.Bus;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Stands between containers and the buses of the host. Thread-safe. Failures are {@code
 * SoftwareContainerException}.
 */
public interface BusFilter {

    /**
     * Checks that the host has such a bus; changes nothing.
     *
     * @throws com.pelagicore.softwarecontainer.error.SoftwareContainerException NOT_FOUND
     */
    void requireBus(Bus bus);

    /**
     * Checks that the configuration lets a container be this user on the host's buses; changes nothing.
     *
     * @throws com.pelagicore.softwarecontainer.error.SoftwareContainerException INVALID_ARGUMENT
     */
    void requireUser(int uid);

    /** Where the socket of that bus for that container is as long as it is open; absolute, on the host. */
    Path socket(String container, Bus bus);

    /**
     * Opens a bus for a container: whoever connects to the socket from now on reaches it by these rules.
     *
     * @param container has a directory in the shared-mounts-dir
     * @param user who its clients are on the host's bus; empty: the user of the filter
     */
    void open(String container, Bus bus, OptionalInt user, List<BusRule> rules);

    /**
     * Takes over a bus that an earlier agent opened: these rules hold from now on, and clients stay connected.
     *
     * @return false: nobody has served it meanwhile, and there is a new socket, to be mounted in place of the one that
     *     the container sees
     */
    boolean resume(String container, Bus bus, OptionalInt user, List<BusRule> rules);

    /** Closes the buses that an earlier agent opened and this one has not resumed, but for those of {@code spared}. */
    void closeOthers(Set<String> spared);

    /** Replaces the rules, for connections that exist as well; not open: nothing. */
    void replaceRules(String container, Bus bus, List<BusRule> rules);

    /** Hangs up on all clients and removes the socket; not open: nothing. */
    void close(String container, Bus bus);
}
