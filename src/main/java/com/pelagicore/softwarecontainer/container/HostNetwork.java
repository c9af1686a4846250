package com.pelagicore.softwarecontainer.container;

import com.pelagicore.softwarecontainer.process.InitProcess;
import com.pelagicore.softwarecontainer.spec.NetworkRule;
import java.util.Set;

/**
 * Connects containers with the host's bridge and filters their traffic on the host's side. All failures are
 * {@code SoftwareContainerException}. Thread-safe; one call at a time per container.
 */
public interface HostNetwork {

    /** What a container is to have, with names resolved and addresses chosen. */
    interface Prepared {

        /** Device name of the bridge; needed to undo. */
        String bridge();
    }

    /**
     * Checks everything that can be checked, resolves host names, and changes nothing.
     *
     * @throws com.pelagicore.softwarecontainer.error.SoftwareContainerException LIMIT_EXCEEDED if there is no
     *     address for this container, NOT_FOUND for a host name without address or a bridge that is not there
     */
    Prepared prepare(ContainerId container, Set<NetworkRule> rules);

    /** Gives the container a network interface; its rules are in force before. */
    void attach(Prepared prepared, InitProcess init);

    /**
     * Goes on with a container that an earlier agent attached, and changes nothing yet.
     *
     * @throws com.pelagicore.softwarecontainer.error.SoftwareContainerException HOST_REFUSED if its interface is not
     *     there, or not as the configuration wants it now
     */
    void adopt(ContainerId container, Set<NetworkRule> rules);

    /**
     * Puts the rules of all adopted containers in force, in one step; those of an earlier agent hold until then. To be
     * called when all are adopted, and before any is attached.
     */
    void enforceAdopted();

    /** Replaces the rules of an attached container at once; connections that are still allowed go on. */
    void replace(Prepared prepared);

    /** Removes interface and rules, and with the last container all that was made for them. Idempotent. */
    void detach(ContainerId container, String bridge);

    /** Puts back the rules from before the last {@link #replace}; nothing if the container's init is gone. */
    void restore(ContainerId container, InitProcess init);
}
