package com.pelagicore.softwarecontainer.container;

import com.pelagicore.softwarecontainer.config.ContainerOptions;
import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import com.pelagicore.softwarecontainer.process.InitLink;
import com.pelagicore.softwarecontainer.process.OutputTarget;
import com.pelagicore.softwarecontainer.process.ProcessEnvironment;
import com.pelagicore.softwarecontainer.process.SpawnRequest;
import com.pelagicore.softwarecontainer.spec.BindMount;
import com.pelagicore.softwarecontainer.spec.ContainerSpec;
import com.pelagicore.softwarecontainer.spec.SocketMount;
import com.pelagicore.softwarecontainer.undo.UndoJournal;
import com.pelagicore.softwarecontainer.undo.UndoScope;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/** A running container. Holds its lock for each verb; its errors are {@code SoftwareContainerException}. */
public final class Container {

    private final ContainerId id;
    private final Owner owner;
    private final ContainerHost host;
    private final UndoJournal journal;
    private final Mounter mounter;
    private final SocketPart sockets;
    private final DevicePart devices;
    private final List<GrantPart> parts;
    private final InitLink link;
    private final LifeSign lifeSign;
    private final ReentrantLock lock = new ReentrantLock();

    private ContainerState state = ContainerState.READY;
    private Optional<Grant> grant = Optional.empty();

    Container(ContainerId id, ContainerOptions options, ContainerHost host, StartedContainer started, Owner owner) {
        this.id = id;
        this.owner = owner;
        this.host = host;
        this.journal = started.journal();
        this.mounter = new Mounter(host, started, options.writeBuffer());
        this.sockets = new SocketPart(host, started, this::serverReturned);
        this.devices = new DevicePart(host.devices(), started);
        this.parts = List.of(
                new MountPart(mounter),
                new NetworkPart(id, host.network(), started.init()),
                sockets,
                devices,
                new CgroupPart(host.devices().cgroups(), started),
                new BusPart(id.name(), host.busFilter(), host.mounts(), started.init()),
                // last: there is no way back from it
                new EnvironmentPart(host.mounts(), started.init()));
        this.link = started.link();
        this.lifeSign = started.lifeSign();
    }

    public ContainerId id() {
        return id;
    }

    public Owner owner() {
        return owner;
    }

    /** Names granted so far; empty if nothing, not even the defaults, was ever granted. */
    public Optional<Set<String>> grantedCapabilities() {
        lock.lock();
        try {
            return grant.map(Grant::capabilities);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Grants capabilities in addition to what is granted: all or, on any error, none.
     *
     * @param additional may be empty: only the defaults
     * @param compile from all names granted to what they amount to, defaults included; pure
     */
    public void grant(Set<String> additional, Function<Set<String>, ContainerSpec> compile) {
        change(Verb.GRANT, () -> {
            ContainerSpec granted = grant.map(Grant::spec).orElse(ContainerSpec.EMPTY);
            Set<String> capabilities =
                    new LinkedHashSet<>(grant.map(Grant::capabilities).orElse(Set.of()));
            capabilities.addAll(additional);
            ContainerSpec spec = compile.apply(capabilities);
            Grant wanted = new Grant(capabilities, spec);
            if (grant.filter(wanted::equals).isPresent()) {
                return;
            }
            List<Consumer<UndoScope>> changes =
                    parts.stream().map(part -> part.plan(granted, spec)).toList();
            try (UndoScope scope = journal.scope(host.undoer())) {
                changes.forEach(change -> change.accept(scope));
                journal.note(Grant.FACT, wanted.toJson());
                scope.commit();
            }
            grant = Optional.of(wanted);
        });
    }

    /** Follows granted devices that went, came back or changed on the host. */
    void renewDevices() {
        lock.lock();
        try {
            boolean runs = state == ContainerState.READY || state == ContainerState.SUSPENDED;
            if (runs && !lifeSign.isLost() && grant.isPresent()) {
                devices.renew(grant.get().spec());
            }
        } finally {
            lock.unlock();
        }
    }

    public void bindMount(BindMount mount) {
        bindMount(mount, scope -> mounter.mount(mounter.plan(mount), scope));
    }

    /**
     * The same for somebody who may not mount every path.
     *
     * @param directory on the host; what is mounted has to lie in it, wherever links lead
     */
    public void bindMountWithin(Path directory, BindMount mount) {
        bindMount(mount, scope -> mounter.mountWithin(directory, mount, scope));
    }

    private void bindMount(BindMount mount, Consumer<UndoScope> change) {
        change(Verb.BIND_MOUNT, () -> {
            try (UndoScope scope = journal.scope(host.undoer())) {
                change.accept(scope);
                scope.commit();
            } catch (SoftwareContainerException e) {
                throw new SoftwareContainerException(
                        e.kind(),
                        "Unable to bind mount " + mount.hostPath() + " to " + mount.containerPath() + ": "
                                + e.getMessage(),
                        e);
            }
        });
    }

    /**
     * Starts a process.
     *
     * @param environment the caller's; stronger than what is granted
     * @param output empty: it is discarded
     * @return pid as the host sees it
     */
    public long execute(
            List<String> arguments,
            Map<String, String> environment,
            String workingDirectory,
            Optional<OutputTarget> output) {
        return run(Verb.EXECUTE, () -> {
            ContainerSpec granted = grant.map(Grant::spec).orElse(ContainerSpec.EMPTY);
            return spawn(new SpawnRequest(
                    arguments, ProcessEnvironment.of(granted.environment(), environment), workingDirectory, output));
        });
    }

    /** The link may know that init is gone before its listener was told. */
    private long spawn(SpawnRequest request) {
        try {
            return link.spawn(request);
        } catch (SoftwareContainerException e) {
            if (e.kind() == ErrorKind.WRONG_STATE) {
                state = ContainerState.INVALID;
                throw new SoftwareContainerException(
                        e.kind(), "Container is invalid " + id.name() + ": " + e.getMessage(), e);
            }
            throw e;
        }
    }

    public void suspend() {
        change(Verb.SUSPEND, () -> host.runtime().freeze(id.name()));
    }

    public void resume() {
        change(Verb.RESUME, () -> host.runtime().unfreeze(id.name()));
    }

    /** Kills all processes, writes a write buffer back and removes everything; can be repeated after an error. */
    public void destroy() {
        change(Verb.DESTROY, () -> {
            lifeSign.expectEnd();
            try {
                stopProcesses();
                journal.undoAll(host.undoer());
                journal.delete();
            } catch (RuntimeException e) {
                state = ContainerState.INVALID;
                throw new SoftwareContainerException(
                        ErrorKind.HOST_REFUSED,
                        "Could not destroy the container during shutdown " + id.name() + ": " + e.getMessage(),
                        e);
            }
        });
    }

    /** A server of the host has made its socket anew; heard from at any time, also after the end. */
    private void serverReturned(SocketMount socket) {
        lock.lock();
        try {
            boolean granted =
                    grant.map(Grant::spec).orElse(ContainerSpec.EMPTY).sockets().containsValue(socket);
            boolean usable = state == ContainerState.READY || state == ContainerState.SUSPENDED;
            if (granted && usable && !lifeSign.isLost()) {
                sockets.attachAgain(socket);
            }
        } finally {
            lock.unlock();
        }
    }

    /** First of all the processes: what they wrote last is still to be written back. */
    private void stopProcesses() {
        host.undoer().stopContainer(id.name(), journal.header().marker());
        link.close();
    }

    private void change(Verb verb, Runnable change) {
        run(verb, () -> {
            change.run();
            return verb;
        });
    }

    private <T> T run(Verb verb, Supplier<T> action) {
        lock.lock();
        try {
            if (lifeSign.isLost() && state != ContainerState.DESTROYED) {
                state = ContainerState.INVALID;
            }
            verb.check(state, id);
            int steps = journal.size();
            try {
                T result = action.get();
                state = verb.leadsTo();
                return result;
            } catch (RuntimeException e) {
                // a change that could not be made and could not be undone either
                state = journal.size() > steps ? ContainerState.INVALID : state;
                throw e;
            }
        } finally {
            lock.unlock();
        }
    }
}
