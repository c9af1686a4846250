package com.pelagicore.softwarecontainer.container;

import com.pelagicore.softwarecontainer.config.ContainerOptions;
import com.pelagicore.softwarecontainer.config.Recovery;
import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All containers of this agent. Thread-safe; containers are made and destroyed independently of each other. */
public final class Containers {

    private static final Logger LOG = LoggerFactory.getLogger(Containers.class);

    /** Longer than lxc-start and the connection to init may take. */
    private static final long CREATE_SECONDS = 45;

    private final ContainerHost host;
    private final ContainerListener listener;
    private final ContainerStarter starter;
    private final OwnerQuota quota;
    private final ContainerIds ids = new ContainerIds();
    private final NavigableMap<ContainerId, Container> containers = new ConcurrentSkipListMap<>();
    /** All permits are free when no create is under way. */
    private final Semaphore creates = new Semaphore(Integer.MAX_VALUE, true);

    private volatile boolean closed;

    /** An empty registry without limits. */
    public Containers(ContainerHost host, ContainerListener listener) {
        this(host, listener, Integer.MAX_VALUE);
    }

    /** @param perOwner how many containers an owner other than root may have */
    public Containers(ContainerHost host, ContainerListener listener, int perOwner) {
        this.host = host;
        this.listener = listener;
        this.starter = new ContainerStarter(host, listener);
        this.quota = new OwnerQuota(perOwner);
    }

    /**
     * Takes over or destroys what an earlier agent left. Before the first {@link #create}.
     *
     * @return names of the containers whose trees must be left alone
     */
    public Set<String> recover(Recovery recovery) {
        Leftovers leftovers = new Leftovers(host);
        if (recovery == Recovery.ADOPT) {
            new Adoption(host, listener, leftovers)
                    .adopt()
                    .forEach(container -> containers.put(container.id(), container));
            ids.reserve(containers.keySet());
        } else {
            leftovers.read().forEach(leftovers::destroy);
        }
        host.busFilter().closeOthers(leftovers.spared());
        Set<String> names = new HashSet<>(leftovers.spared());
        ids().forEach(id -> names.add(id.name()));
        ids().forEach(listener::changed);
        return names;
    }

    /** Ascending; never waits. */
    public List<ContainerId> ids() {
        return List.copyOf(containers.navigableKeySet());
    }

    /** Makes and starts a container of root's. */
    public Container create(ContainerOptions options) {
        return create(options, Owner.ROOT);
    }

    /**
     * Makes and starts a container.
     *
     * @throws SoftwareContainerException LIMIT_EXCEEDED: the owner has enough, WRONG_STATE if the agent is ending,
     *     HOST_REFUSED, TIMED_OUT
     */
    public Container create(ContainerOptions options, Owner owner) {
        creates.acquireUninterruptibly();
        try {
            requireOpen();
            return createNow(options, owner);
        } finally {
            creates.release();
        }
    }

    private Container createNow(ContainerOptions options, Owner owner) {
        quota.begin(owner, containers.values());
        List<ContainerId> foreign = new ArrayList<>();
        ContainerId id = ids.take();
        try {
            Optional<Container> started = tryStart(id, options, owner);
            while (started.isEmpty()) {
                foreign.add(id);
                id = ids.take();
                started = tryStart(id, options, owner);
            }
            Container container = started.get();
            quota.end(owner, () -> containers.put(container.id(), container));
            listener.changed(container.id());
            return container;
        } catch (RuntimeException e) {
            ids.giveBack(id);
            foreign.forEach(ids::giveBack);
            quota.end(owner, () -> {});
            throw e;
        }
    }

    /** Empty: somebody else has a container of that name, or its users, so the id is passed over for good. */
    private Optional<Container> tryStart(ContainerId id, ContainerOptions options, Owner owner) {
        if (isOfOtherUsers(id)) {
            return Optional.empty();
        }
        try {
            return Optional.of(starter.start(id, options, owner));
        } catch (SoftwareContainerException e) {
            if (e.kind() == ErrorKind.ALREADY_EXISTS) {
                return Optional.empty();
            }
            throw new SoftwareContainerException(
                    e.kind(),
                    "Could not initialize SoftwareContainer, container ID: " + id.value() + ": " + e.getMessage(),
                    e);
        }
    }

    /** An adopted container keeps its users, also if the ids of containers were configured anew. */
    private boolean isOfOtherUsers(ContainerId id) {
        return containers.values().stream()
                .flatMap(container -> container.userIds().stream())
                .anyMatch(taken -> host.confinement().wouldShare(id, taken));
    }

    /** The container of that id, whatever number it is; never waits. */
    public Optional<Container> find(int id) {
        return id < 0 || id == Integer.MAX_VALUE
                ? Optional.empty()
                : Optional.ofNullable(containers.get(new ContainerId(id)));
    }

    /**
     * The container of that id.
     *
     * @param id as it came from a caller
     * @throws SoftwareContainerException INVALID_ARGUMENT, NOT_FOUND, WRONG_STATE if the agent is ending
     */
    public Container get(int id) {
        requireOpen();
        if (id == Integer.MAX_VALUE) {
            throw new SoftwareContainerException(
                    ErrorKind.INVALID_ARGUMENT, "Invalid Container ID: " + id + ". ID can not be greater than INT32");
        }
        if (id < 0) {
            throw new SoftwareContainerException(
                    ErrorKind.INVALID_ARGUMENT, "Invalid Container ID: " + id + ". ID can not be negative");
        }
        Container container = containers.get(new ContainerId(id));
        if (container == null) {
            throw new SoftwareContainerException(
                    ErrorKind.NOT_FOUND, "Invalid Container ID: " + id + ". No container matching that ID exists.");
        }
        return container;
    }

    /** Empty: there is none of that id. Never waits. */
    public Optional<Container> find(ContainerId id) {
        return Optional.ofNullable(containers.get(id));
    }

    /** To be called when devices of the host came, went or changed; waits for no verb, throws nothing. */
    public void renewDevices() {
        containers.values().forEach(Containers::renewDevices);
    }

    static void renewDevices(Container container) {
        container.renewDevices(
                e -> LOG.warn("the devices of container {} could not be renewed, ignoring", container.id(), e));
    }

    /** Destroys a container; after an error it stays, and can be destroyed again. */
    public void destroy(Container container) {
        container.destroy();
        containers.remove(container.id());
        listener.changed(container.id());
        ids.giveBack(container.id());
    }

    /** Lets no call begin any more; containers stay as they are. */
    public void close() {
        closed = true;
    }

    private void requireOpen() {
        if (closed) {
            throw new SoftwareContainerException(ErrorKind.WRONG_STATE, "The agent is shutting down");
        }
    }

    /**
     * Destroys all, several at a time, also those that are just being made, and lets no more be made.
     *
     * @return false if some could not be destroyed wholly; their journals stay for the next agent
     */
    public boolean destroyAll() {
        closed = true;
        awaitCreates();
        return containers.values().parallelStream().map(this::isDestroyed).reduce(true, Boolean::logicalAnd);
    }

    /** Destroys those that are not to outlive the agent; what cannot be destroyed is left to the next one. */
    public void destroyBound() {
        containers.values().stream().filter(Container::isBound).forEach(this::isDestroyed);
    }

    private void awaitCreates() {
        try {
            if (creates.tryAcquire(Integer.MAX_VALUE, CREATE_SECONDS, TimeUnit.SECONDS)) {
                creates.release(Integer.MAX_VALUE);
            } else {
                LOG.warn("a container is still being made after {} s, the next agent removes it", CREATE_SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isDestroyed(Container container) {
        try {
            destroy(container);
            return true;
        } catch (SoftwareContainerException e) {
            LOG.error("{}", e.getMessage(), e);
            return false;
        }
    }
}
