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
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;

/** A running container. Holds its lock for each verb; its errors are {@code SoftwareContainerException}. */
public final class Container {

    private final ContainerId id;
    private final Owner owner;
    private final ContainerHost host;
    private final UndoJournal journal;
    private final Grants grants;
    private final InitProcess init;
    private final Instant created;
    private final InitLink link;
    private final LifeSign lifeSign;
    private final ReentrantLock lock = new ReentrantLock();

    /** Changed under the lock, seen without. */
    private volatile ContainerState state = ContainerState.READY;

    Container(ContainerId id, ContainerOptions options, ContainerHost host, StartedContainer started, Owner owner) {
        this.id = id;
        this.owner = owner;
        this.host = host;
        this.journal = started.journal();
        this.grants = new Grants(id, options, host, started, this::serverReturned);
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
            return grants.capabilities();
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
        change(Verb.GRANT, () -> grants.extend(additional, compile));
    }

    /** Follows granted devices that went, came back or changed on the host. */
    void renewDevices() {
        ifAlive(grants::renewDevices);
    }

    public void bindMount(BindMount mount) {
        bindMounts(List.of(mount));
    }

    /** Makes all of them or, on any error, none; in this order, so that one may lie within an earlier one. */
    public void bindMounts(List<BindMount> mounts) {
        change(Verb.BIND_MOUNT, () -> grants.bindMounts(mounts));
    }

    /**
     * The same for somebody who may not mount every path.
     *
     * @param directory on the host; what is mounted has to lie in it, wherever links lead
     */
    public void bindMountWithin(Path directory, BindMount mount) {
        change(Verb.BIND_MOUNT, () -> grants.bindMountWithin(directory, mount));
    }

    /** Makes all of them within their limits or, on any error, none. */
    public void bindMountsWithin(List<LimitedMount> mounts) {
        change(Verb.BIND_MOUNT, () -> grants.bindMountsWithin(mounts));
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
        return run(
                Verb.EXECUTE,
                () -> spawn(new SpawnRequest(
                        arguments,
                        ProcessEnvironment.of(grants.spec().environment(), environment),
                        workingDirectory,
                        streams)));
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
        return new ContainerView(
                id,
                owner,
                created,
                init.pid(),
                visibleState(),
                grants.capabilities().map(List::copyOf).orElse(List.of()),
                lifeSign.processes().list(),
                grants.spec().cgroups());
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
                journal.beginDestroying();
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
        ifAlive(() -> grants.attachAgain(socket));
    }

    /** First of all the processes: what they wrote last is still to be written back. */
    private void stopProcesses() {
        host.undoer().stopContainer(id.name(), journal.header().marker());
        if (!journal.isOfEarlierBoot()) {
            LifeSign.requireGone(init);
        }
        link.close();
    }

    /**
     * Goes on as what an earlier agent left, which runs; {@link #undoUnfinished} is to follow.
     *
     * @throws SoftwareContainerException if it is not as it was left; then it is invalid
     */
    void adopt(Optional<Grant> earlier) {
        locked(() -> {
            state = ContainerState.INVALID;
            boolean frozen = host.runtime().isFrozen(id.name());
            grants.adopt(earlier);
            state = frozen ? ContainerState.SUSPENDED : ContainerState.READY;
        });
    }

    /**
     * Rolls back a call that an earlier agent did not come to the end of.
     *
     * @throws RuntimeException if that is not possible; then the container is invalid
     */
    void undoUnfinished() {
        ifAlive(() -> {
            ContainerState before = state;
            state = ContainerState.INVALID;
            journal.undoUnfinished(host.undoer());
            state = before;
        });
    }

    /** From now on it can only be destroyed. */
    void invalidate() {
        locked(() -> state = ContainerState.INVALID);
    }

    boolean hasNetwork() {
        return !grants.spec().network().isEmpty();
    }

    private void ifAlive(Runnable action) {
        locked(() -> {
            boolean usable = state == ContainerState.READY || state == ContainerState.SUSPENDED;
            if (usable && !lifeSign.isLost()) {
                action.run();
            }
        });
    }

    private void locked(Runnable action) {
        lock.lock();
        try {
            action.run();
        } finally {
            lock.unlock();
        }
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
