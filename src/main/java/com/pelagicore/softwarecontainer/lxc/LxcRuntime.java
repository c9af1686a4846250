package com.pelagicore.softwarecontainer.lxc;

import com.pelagicore.softwarecontainer.container.ContainerRuntime;
import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import com.pelagicore.softwarecontainer.process.InitProcess;
import com.pelagicore.softwarecontainer.spec.Confinement;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Supplier;

/** Containers of LXC: started by lxc-start, everything else through liblxc. */
public final class LxcRuntime implements ContainerRuntime {

    private final Liblxc liblxc = new Liblxc();
    private final Path lxcPath;
    private final LxcCgroups cgroups = new LxcCgroups();
    private final LxcHost host;
    private final Supplier<Optional<String>> obstacle;

    /**
     * Opens liblxc.
     *
     * @param lxcPath absolute; empty: liblxc's own default
     * @param cgroupParent path below the root of control groups; empty: liblxc's own place
     * @param directories of the host that all containers see; true: users of a container can be shown its files as
     *     theirs
     * @param obstacle asked when LXC does not start a container: what is known to be in the way, as a sentence
     * @throws UnsatisfiedLinkError if liblxc is not installed
     */
    public LxcRuntime(
            Optional<Path> lxcPath,
            Optional<String> cgroupParent,
            SortedMap<Path, Boolean> directories,
            Supplier<Optional<String>> obstacle) {
        this.lxcPath = lxcPath.orElseGet(liblxc::defaultPath);
        this.host = LxcHost.read(directories, cgroupParent);
        this.obstacle = obstacle;
    }

    public Path lxcPath() {
        return lxcPath;
    }

    @Override
    public void define(String name, Path rootfs, String marker, Confinement confinement) {
        definition(name).write(rootfs, marker, confinement, host);
    }

    @Override
    public InitProcess start(String name) {
        new LxcStart(lxcPath, name, definition(name)).run(obstacle);
        try (Liblxc.Handle container = liblxc.open(name, lxcPath)) {
            return InitProcess.of(container.initPid())
                    .orElseThrow(() -> new SoftwareContainerException(
                            ErrorKind.HOST_REFUSED, "The init of container " + name + " ended at once"));
        }
    }

    @Override
    public void awaitStart(String name) {
        new LxcStart(lxcPath, name, definition(name)).awaitEarlier();
    }

    @Override
    public Optional<InitProcess> init(String name, String marker) {
        if (!definition(name).carries(marker)) {
            return Optional.empty();
        }
        try (Liblxc.Handle container = liblxc.open(name, lxcPath)) {
            return Optional.of(container.initPid()).filter(pid -> pid > 0).flatMap(InitProcess::of);
        }
    }

    /**
     * What LXC says counts, as it comes last in {@link #freeze} and {@link #unfreeze}: the freezer is made to agree.
     */
    @Override
    public boolean isFrozen(String name) {
        try (Liblxc.Handle container = liblxc.open(name, lxcPath)) {
            boolean frozen = container.state().equals("FROZEN");
            if (frozen) {
                boolean ignored = new LxcFreezer(name, container).freeze();
            } else {
                new LxcFreezer(name, container).thaw();
            }
            return frozen;
        }
    }

    @Override
    public void freeze(String name) {
        try (Liblxc.Handle container = liblxc.open(name, lxcPath)) {
            try {
                freeze(name, container);
            } catch (RuntimeException e) {
                container.unfreeze();
                new LxcFreezer(name, container).thaw();
                throw e;
            }
        }
    }

    /** liblxc waits for the freezer without end, so it is not asked before there is nothing to wait for. */
    private static void freeze(String name, Liblxc.Handle container) {
        if (!new LxcFreezer(name, container).freeze()) {
            throw new SoftwareContainerException(
                    ErrorKind.TIMED_OUT,
                    "The processes of " + name + " cannot all be frozen within " + LxcFreezer.TIMEOUT.toSeconds()
                            + " s");
        }
        if (!container.freeze()) {
            throw refused("freeze", name, container);
        }
    }

    @Override
    public void unfreeze(String name) {
        try (Liblxc.Handle container = liblxc.open(name, lxcPath)) {
            if (!container.unfreeze()) {
                throw refused("unfreeze", name, container);
            }
        }
    }

    private static SoftwareContainerException refused(String verb, String name, Liblxc.Handle container) {
        return new SoftwareContainerException(
                ErrorKind.HOST_REFUSED, "LXC did not " + verb + " " + name + ", its state is " + container.state());
    }

    @Override
    public void stop(String name, String marker, Duration timeout) {
        if (!definition(name).carries(marker)) {
            return;
        }
        try (Liblxc.Handle container = liblxc.open(name, lxcPath)) {
            Optional<ProcessExit> monitor = ProcessExit.ofParentOf(container.initPid());
            container.stop();
            boolean stopped = container.waitStopped(Math.toIntExact(Math.max(1, timeout.toSeconds())))
                    && monitor.map(exit -> exit.await(timeout)).orElse(true);
            monitor.ifPresent(ProcessExit::close);
            if (!stopped) {
                throw new SoftwareContainerException(
                        ErrorKind.TIMED_OUT, "Container " + name + " did not stop within " + timeout);
            }
        }
    }

    @Override
    public void undefine(String name, String marker) {
        if (definition(name).carries(marker)) {
            cgroups.remove(definition(name).cgroupParent(), name);
        }
        definition(name).remove(marker);
    }

    private LxcDefinition definition(String name) {
        return new LxcDefinition(lxcPath, name);
    }
}
