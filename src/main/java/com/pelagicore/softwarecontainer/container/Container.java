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
import com.pelagicore.softwarecontainer.spec.ContainerSpec;
import com.pelagicore.softwarecontainer.spec.IdRange;
import com.pelagicore.softwarecontainer.spec.SocketMount;
import com.pelagicore.softwarecontainer.undo.UndoJournal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;

/** A running container. Holds its lock for each verb; its errors are {@code SoftwareContainerException}. */
public final class Container {

    private final ContainerId id;
    private final Owner owner;
    private final boolean bound;
    private final ContainerHost host;
    private final UndoJournal journal;
    private final Grants grants;
    private final InitProcess init;
    private final Instant created;
    private final InitLink link;
    private final LifeSign lifeSign;
    private final Lifecycle lifecycle;

    Container(ContainerId id, ContainerOptions options, ContainerHost host, StartedContainer started, Owner owner) {
        this.id = id;
        this.owner = owner;
        this.bound = options.bound();
        this.host = host;
        this.journal = started.journal();
        this.grants = new Grants(id, options, host, started, this::serverReturned);
        this.init = started.init();
        this.created = started.created();
        this.link = started.link();
        this.lifeSign = started.lifeSign();
        this.lifecycle = new Lifecycle(id, journal, lifeSign);
    }

    /** Whether it is to end with its creator's connection, and with the agent. */
    boolean isBound() {
        return bound;
    }

    public ContainerId id() {
        return id;
    }

    public Owner owner() {
        return owner;
    }

    /** Ids of the host that its users have; empty: those of the host's users. */
    Optional<IdRange> userIds() {
        return journal.header().confinement().ids();
    }

    /** Names granted so far; empty if nothing, not even the defaults, was ever granted. */
    public Optional<Set<String>> grantedCapabilities() {
        return lifecycle.locked(grants::capabilities);
    }

    /**
     * Grants capabilities in addition to what is granted: all or, on any error, none.
     *
     * @param additional may be empty: only the defaults
     * @param compile from all names granted to what they amount to, defaults included; pure
     */
    public void grant(Set<String> additional, Function<Set<String>, ContainerSpec> compile) {
        lifecycle.run(Verb.GRANT, () -> grants.extend(additional, compile));
    }

    /**
     * Follows granted devices that went, came back or changed on the host: at once, or when the verb that runs has ended.
     *
     * @param failed gets what was refused
     */
    void renewDevices(Consumer<RuntimeException> failed) {
        lifecycle.soon(() -> {
            try {
                lifecycle.ifAlive(grants::renewDevices);
                lifecycle.ifInvalid(grants::takeDevicesAway);
            } catch (RuntimeException e) {
                failed.accept(e);
            }
        });
    }

    /** Makes all of them or, on any error, none; in this order, so that one may lie within an earlier one. */
    public void bindMounts(List<LimitedMount> mounts) {
        lifecycle.run(Verb.BIND_MOUNT, () -> grants.bindMounts(mounts));
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
        return lifecycle.run(
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
        Terminal terminal = lifecycle.run(Verb.EXECUTE, () -> link.openTerminal(size));
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
        lifecycle.check(Verb.SIGNAL);
        if (!link.signal(pid, recipients, signal)) {
            throw new SoftwareContainerException(
                    ErrorKind.NOT_FOUND, "There is no process " + pid + " that was started in the container");
        }
    }

    /** Sends a signal to all processes but init, without waiting for other verbs. */
    public void signalAll(int signal) {
        lifecycle.check(Verb.SIGNAL);
        link.signalAll(signal);
    }

    /**
     * Ends a process group that was started here, without waiting for other verbs: SIGTERM, then SIGKILL.
     *
     * @return ends with the process; fails with TIMED_OUT
     * @throws SoftwareContainerException NOT_FOUND: no such process was started here, or it has ended
     */
    public CompletableFuture<Void> stop(long pid, Duration grace) {
        lifecycle.check(Verb.SIGNAL);
        return new ProcessStop(lifeSign.processes(), link).stop(pid, grace);
    }

    /** The same for all processes. */
    public CompletableFuture<Void> stopAll(Duration grace) {
        lifecycle.check(Verb.SIGNAL);
        return new ProcessStop(lifeSign.processes(), link).stopAll(grace);
    }

    /** What can be seen of it; never waits. */
    public ContainerView view() {
        return new ContainerView(
                id,
                owner,
                created,
                init.pid(),
                lifecycle.visible(),
                grants.capabilities().map(List::copyOf).orElse(List.of()),
                lifeSign.processes().list(),
                grants.spec().cgroups());
    }

    /** What its control groups count now. */
    public Usage usage() {
        return Usage.read(host.devices().cgroups(), id.name());
    }

    /** The link may know that init is gone before its listener was told. */
    private long spawn(SpawnRequest request) {
        try {
            return link.spawn(request);
        } catch (SoftwareContainerException e) {
            if (e.kind() == ErrorKind.WRONG_STATE) {
                lifecycle.invalidate();
                throw new SoftwareContainerException(
                        e.kind(), "Container is invalid " + id.name() + ": " + e.getMessage(), e);
            }
            throw e;
        }
    }

    public void suspend() {
        lifecycle.run(Verb.SUSPEND, () -> host.runtime().freeze(id.name()));
    }

    public void resume() {
        lifecycle.run(Verb.RESUME, () -> host.runtime().unfreeze(id.name()));
    }

    /** Kills all processes, writes a write buffer back and removes everything; can be repeated after an error. */
    public void destroy() {
        lifecycle.run(Verb.DESTROY, () -> {
            lifeSign.expectEnd();
            try {
                journal.beginDestroying();
                stopProcesses();
                journal.undoAll(host.undoer());
                journal.delete();
            } catch (RuntimeException e) {
                lifecycle.invalidate();
                throw new SoftwareContainerException(
                        ErrorKind.HOST_REFUSED,
                        "Could not destroy the container during shutdown " + id.name() + ": " + e.getMessage(),
                        e);
            }
        });
    }

    /** A server of the host has made its socket anew; heard from at any time, also after the end. */
    private void serverReturned(SocketMount socket) {
        lifecycle.ifAlive(() -> grants.attachAgain(socket));
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
        lifecycle.become(() -> {
            boolean frozen = host.runtime().isFrozen(id.name());
            grants.adopt(earlier);
            return frozen ? ContainerState.SUSPENDED : ContainerState.READY;
        });
    }

    /**
     * Rolls back a call that an earlier agent did not come to the end of.
     *
     * @throws RuntimeException if that is not possible; then the container is invalid
     */
    void undoUnfinished() {
        lifecycle.ifAliveOrInvalid(() -> journal.undoUnfinished(host.undoer()));
    }

    /** From now on it can only be destroyed. */
    void invalidate() {
        lifecycle.invalidate();
    }

    boolean hasNetwork() {
        return !grants.spec().network().isEmpty();
    }
}
