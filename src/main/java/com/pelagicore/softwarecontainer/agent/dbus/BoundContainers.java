package com.pelagicore.softwarecontainer.agent.dbus;

import com.pelagicore.softwarecontainer.container.Container;
import com.pelagicore.softwarecontainer.container.ContainerId;
import com.pelagicore.softwarecontainer.container.Containers;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Destroys containers when the connection of who created them has ended, if that was asked for (docs/adr/0028).
 * Thread-safe.
 */
public final class BoundContainers {

    private static final Logger LOG = LoggerFactory.getLogger(BoundContainers.class);

    private record Bond(String caller, Container container) {}

    private final Containers containers;
    private final Function<String, CompletableFuture<Boolean>> isConnected;
    private final Executor destroyers;
    /** Those of containers that are gone stay until their id is used again. */
    private final Map<ContainerId, Bond> bonds = new ConcurrentHashMap<>();

    /**
     * None yet.
     *
     * @param isConnected asks the bus whether there is a connection of that unique name
     * @param destroyers what destroying runs on
     */
    public BoundContainers(
            Containers containers, Function<String, CompletableFuture<Boolean>> isConnected, Executor destroyers) {
        this.containers = containers;
        this.isConnected = isConnected;
        this.destroyers = destroyers;
    }

    /** From now on the container ends with the caller's connection; at once if that has ended meanwhile. */
    void bind(Container container, String caller) {
        note(container, caller);
        CompletableFuture<Void> ignored = isConnected.apply(caller).thenAccept(connected -> {
            if (!connected) {
                ended(caller);
            }
        });
    }

    /** One at a time: a container that has ended meanwhile must not take the place of the next one of its id. */
    private synchronized void note(Container container, String caller) {
        if (exists(container)) {
            bonds.put(container.id(), new Bond(caller, container));
        }
    }

    private boolean exists(Container container) {
        return containers.find(container.id()).equals(Optional.of(container));
    }

    /** To be called for each connection that has ended; does not wait. */
    public void ended(String connection) {
        bonds.forEach((id, bond) -> {
            if (bond.caller().equals(connection) && bonds.remove(id, bond)) {
                destroyers.execute(() -> destroy(bond.container()));
            }
        });
    }

    private void destroy(Container container) {
        if (!exists(container)) {
            return;
        }
        LOG.info("{} is destroyed: who created it has left the bus", container.id());
        try {
            containers.destroy(container);
        } catch (SoftwareContainerException e) {
            LOG.error("{} stays: {}", container.id(), e.getMessage(), e);
        }
    }
}
