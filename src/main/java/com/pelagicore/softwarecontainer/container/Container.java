package com.pelagicore.softwarecontainer.container;

import com.pelagicore.softwarecontainer.config.ContainerOptions;
import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import com.pelagicore.softwarecontainer.process.InitLink;
import com.pelagicore.softwarecontainer.process.InitProcess;
import com.pelagicore.softwarecontainer.process.OutputTarget;
import com.pelagicore.softwarecontainer.process.ProcessEnvironment;
import com.pelagicore.softwarecontainer.process.Recipients;
import com.pelagicore.softwarecontainer.process.SpawnRequest;
import com.pelagicore.softwarecontainer.process.StandardStreams;
import com.pelagicore.softwarecontainer.process.Terminal;
import com.pelagicore.softwarecontainer.process.TerminalSize;
import com.pelagicore.softwarecontainer.spec.BindMount;
import com.pelagicore.softwarecontainer.spec.ContainerSpec;
import com.pelagicore.softwarecontainer.spec.SocketMount;
import com.pelagicore.softwarecontainer.undo.UndoJournal;
import com.pelagicore.softwarecontainer.undo.UndoScope;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
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
    private final InitProcess init;
    private final Instant created;
    private final InitLink link;
    private final LifeSign lifeSign;
    private final ReentrantLock lock = new ReentrantLock();

    /** Changed under the lock, seen without. */
    private volatile ContainerState state = ContainerState.READY;

    private volatile Optional<Grant> grant = Optional.empty();

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
                new BusPart(id.name(), options.busUser(), host.busFilter(), host.mounts(), started.init()),
                // last: there is no way back from it
                new EnvironmentPart(host.mounts(), started.init()));
        this.init = started.init();
        this.created = started.created();
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
        bindMounts(List.of(mount));
    }

    /** Makes all of them or, on any error, none; in this order, so that one may lie within an earlier one. */
    public void bindMounts(List<BindMount> mounts) {
        bindMounts(mounts, (mount, scope) -> mounter.mount(mounter.plan(mount), scope));
    }

    /**
     * The same for somebody who may not mount every path.
     *
     * @param directory on the host; what is mounted has to lie in it, wherever links lead
     */
    public void bindMountWithin(Path directory, BindMount mount) {
        bindMounts(List.of(mount), (each, scope) -> mounter.mountWithin(directory, each, scope));
    }

    private void bindMounts(List<BindMount> mounts, BiConsumer<BindMount, UndoScope> change) {
        change(Verb.BIND_MOUNT, () -> {
            try (UndoScope scope = journal.scope(host.undoer())) {
                mounts.forEach(mount -> naming(mount, () -> change.accept(mount, scope)));
                scope.commit();
            }
        });
    }

    private static void naming(BindMount mount, Runnable step) {
        try {
            step.run();
        } catch (SoftwareContainerException e) {
            throw new SoftwareContainerException(
                    e.kind(),
                    "Unable to bind mount " + mount.hostPath() + " to " + mount.containerPath() + ": " + e.getMessage(),
                    e);
        }
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
        return execute(arguments, environment, workingDirectory, new StandardStreams.ToFile(output));
    }

    /** The same with other streams. */
    public long execute(
            List<String> arguments, Map<String, String> environment, String workingDirectory, StandardStreams streams) {
        return run(Verb.EXECUTE, () -> {
            ContainerSpec granted = grant.map(Grant::spec).orElse(ContainerSpec.EMPTY);
            return spawn(new SpawnRequest(
                    arguments, ProcessEnvironment.of(granted.environment(), environment), workingDirectory, streams));
        });
    }

    /** The same on a new terminal of the container. */
    public TerminalProcess executeInTerminal(
            List<String> arguments, Map<String, String> environment, String workingDirectory, TerminalSize size) {
        Terminal terminal = run(Verb.EXECUTE, () -> link.openTerminal(size));
        try {
            long pid =
                    execute(arguments, environment, workingDirectory, new StandardStreams.OnTerminal(terminal.slave()));
            terminal.closeSlave();
            return new TerminalProcess(pid, terminal);
        } catch (RuntimeException e) {
            terminal.close();
            throw e;
        }
    }

    /**
     * Sends a signal, without waiting for other verbs.
     *
     * @throws SoftwareContainerException NOT_FOUND: no such process was started here, or it has ended
     */
    public void signal(long pid, Recipients recipients, int signal) {
        Verb.SIGNAL.check(visibleState(), id);
        if (!link.signal(pid, recipients, signal)) {
            throw new SoftwareContainerException(
                    ErrorKind.NOT_FOUND, "There is no process " + pid + " that was started in the container");
        }
    }

    /** Sends a signal to all processes but init, without waiting for other verbs. */
    public void signalAll(int signal) {
        Verb.SIGNAL.check(visibleState(), id);
        link.signalAll(signal);
    }

    /**
     * Ends a process group that was started here, without waiting for other verbs: SIGTERM, then SIGKILL.
     *
     * @return ends with the process; fails with TIMED_OUT
     * @throws SoftwareContainerException NOT_FOUND: no such process was started here, or it has ended
     */
    public CompletableFuture<Void> stop(long pid, Duration grace) {
        Verb.SIGNAL.check(visibleState(), id);
        return new ProcessStop(lifeSign.processes(), link).stop(pid, grace);
    }

    /** The same for all processes. */
    public CompletableFuture<Void> stopAll(Duration grace) {
        Verb.SIGNAL.check(visibleState(), id);
        return new ProcessStop(lifeSign.processes(), link).stopAll(grace);
    }

    /** What can be seen of it; never waits. */
    public ContainerView view() {
        Optional<Grant> granted = grant;
        return new ContainerView(
                id,
                owner,
                created,
                init.pid(),
                visibleState(),
                granted.map(Grant::capabilities).map(List::copyOf).orElse(List.of()),
                lifeSign.processes().list(),
                granted.map(Grant::spec).orElse(ContainerSpec.EMPTY).cgroups());
    }

    /** What its control groups count now. */
    public Usage usage() {
        return Usage.read(host.devices().cgroups(), id.name());
    }

    /** Before the next verb has noticed that the container died. */
    private ContainerState visibleState() {
        return lifeSign.isLost() && state != ContainerState.DESTROYED ? ContainerState.INVALID : state;
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
        try {
            return runLocked(verb, action);
        } finally {
            lifeSign.changed();
        }
    }

    private <T> T runLocked(Verb verb, Supplier<T> action) {
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
