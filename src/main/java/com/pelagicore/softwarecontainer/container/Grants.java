package com.pelagicore.softwarecontainer.container;

import com.pelagicore.softwarecontainer.config.ContainerOptions;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import com.pelagicore.softwarecontainer.spec.BindMount;
import com.pelagicore.softwarecontainer.spec.ContainerSpec;
import com.pelagicore.softwarecontainer.spec.SocketMount;
import com.pelagicore.softwarecontainer.undo.UndoJournal;
import com.pelagicore.softwarecontainer.undo.UndoScope;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/** What one running container was given, by capabilities and by BindMount. Changed under the container's lock. */
final class Grants {

    private final ContainerHost host;
    private final UndoJournal journal;
    private final Mounter mounter;
    private final SocketPart sockets;
    private final DevicePart devices;
    private final List<GrantPart> parts;

    private volatile Optional<Grant> grant = Optional.empty();

    /**
     * Nothing yet.
     *
     * @param serverReturned called without the lock; leads to {@link #attachAgain} with it
     */
    Grants(
            ContainerId id,
            ContainerOptions options,
            ContainerHost host,
            StartedContainer started,
            Consumer<SocketMount> serverReturned) {
        this.host = host;
        this.journal = started.journal();
        this.mounter = new Mounter(host, started, options.writeBuffer());
        this.sockets = new SocketPart(host, started, serverReturned);
        this.devices = new DevicePart(host.devices(), started);
        this.parts = List.of(
                new MountPart(mounter),
                new NetworkPart(id, host.network(), started.init()),
                sockets,
                devices,
                new CgroupPart(host.devices().cgroups(), started, devices::givenNumbers),
                new BusPart(id.name(), options.busUser(), host.busFilter(), host.mounts(), started.init()),
                new EnvironmentPart(host.mounts(), started.init()));
    }

    /** Names granted so far; empty if nothing, not even the defaults, was ever granted. */
    Optional<Set<String>> capabilities() {
        return grant.map(Grant::capabilities);
    }

    /** What they amount to. */
    ContainerSpec spec() {
        return grant.map(Grant::spec).orElse(ContainerSpec.EMPTY);
    }

    /** Grants more: all or, on any error, nothing. */
    void extend(Set<String> additional, Function<Set<String>, ContainerSpec> compile) {
        ContainerSpec granted = spec();
        Set<String> capabilities = new LinkedHashSet<>(capabilities().orElse(Set.of()));
        capabilities.addAll(additional);
        ContainerSpec spec = compile.apply(capabilities).keeping(granted);
        Grant wanted = new Grant(capabilities, spec);
        if (grant.filter(wanted::equals).isPresent()) {
            return;
        }
        List<Consumer<UndoScope>> changes =
                parts.stream().map(part -> part.plan(granted, spec)).toList();
        try (UndoScope scope = journal.scope(host.undoer())) {
            changes.forEach(change -> change.accept(scope));
            JournalFacts.noteGrant(wanted, scope);
            scope.commit();
        }
        grant = Optional.of(wanted);
    }

    /** Goes on with what an earlier agent granted. */
    void adopt(Optional<Grant> earlier) {
        grant = earlier;
        parts.forEach(part -> part.adopt(spec()));
    }

    /** Makes all of them or, on any error, none; in this order, so that one may lie within an earlier one. */
    void bindMounts(List<LimitedMount> mounts) {
        if (mounts.isEmpty()) {
            return;
        }
        try (UndoScope scope = journal.scope(host.undoer())) {
            mounts.forEach(each -> naming(each.mount(), () -> bindMount(each, scope)));
            scope.commit();
        }
    }

    private void bindMount(LimitedMount limited, UndoScope scope) {
        BindMount mount = limited.mount();
        limited.directory().ifPresentOrElse(directory -> mounter.mountWithin(directory, mount, scope), () -> {
            mounter.check(mount);
            mounter.mount(mount, scope);
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

    /** Follows granted devices that went, came back or changed on the host. */
    void renewDevices() {
        if (grant.isPresent()) {
            devices.renew(spec());
        }
    }

    /** Of a container that can only be destroyed, those that went. */
    void takeDevicesAway() {
        devices.takeAway(spec());
    }

    /** A server may have made its socket anew. */
    void attachAgain(SocketMount socket) {
        if (spec().sockets().containsValue(socket)) {
            sockets.attachAgain(socket);
        }
    }
}
