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
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Containers of LXC: started by lxc-start, everything else through liblxc. */
public final class LxcRuntime implements ContainerRuntime {

    private static final Duration FREEZE_TIMEOUT = Duration.ofSeconds(5);
    private static final long FREEZE_ROUND_NANOS = 200_000;

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
     * What LXC says counts, as it comes last in {@link #freeze} and {@link #unfreeze}: the freezer is made to agree,
     * by the key of cgroup v1 and that of v2.
     */
    @Override
    public boolean isFrozen(String name) {
        try (Liblxc.Handle container = liblxc.open(name, lxcPath)) {
            boolean frozen = container.state().equals("FROZEN");
            if (frozen) {
                boolean ignored = freezeCgroup(container);
            } else {
                thawCgroup(container);
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
                thawCgroup(container);
                throw e;
            }
        }
    }

    /** liblxc waits for the freezer without end, so it is not asked before there is nothing to wait for. */
    private static void freeze(String name, Liblxc.Handle container) {
        if (!freezeCgroup(container)) {
            throw new SoftwareContainerException(
                    ErrorKind.TIMED_OUT,
                    "The processes of " + name + " cannot all be frozen within " + FREEZE_TIMEOUT.toSeconds() + " s");
        }
        if (!container.freeze()) {
            throw refused("freeze", name, container);
        }
    }

    /** False: a process cannot be frozen, as it waits for the kernel and for nothing else (state D of proc(5)). */
    private static boolean freezeCgroup(Liblxc.Handle container) {
        long deadline = System.nanoTime() + FREEZE_TIMEOUT.toNanos();
        boolean frozen = isCgroupFrozen(container);
        while (!frozen && System.nanoTime() < deadline) {
            LockSupport.parkNanos(FREEZE_ROUND_NANOS);
            frozen = isCgroupFrozen(container);
        }
        return frozen;
    }

    /**
     * Asks for it as well. The freezer of cgroup v1 may need some rounds (cgroup-v1/freezer-subsystem of the kernel's
     * documentation), and between two of them liblxc 5 sleeps for a second; when it comes after us it finds the work
     * done. It still has to, to know the state.
     */
    private static boolean isCgroupFrozen(Liblxc.Handle container) {
        if (container.setCgroupItem("freezer.state", "FROZEN")) {
            return container.cgroupItem("freezer.state").equals(Optional.of("FROZEN"));
        }
        // where there is neither key, or nothing to be read, liblxc knows better
        return !container.setCgroupItem("cgroup.freeze", "1")
                || container
                        .cgroupItem("cgroup.events")
                        .map(events -> events.lines().anyMatch("frozen 1"::equals))
                        .orElse(true);
    }

    /** By the key of cgroup v1 and that of v2. */
    private static void thawCgroup(Liblxc.Handle container) {
        container.setCgroupItem("freezer.state", "THAWED");
        container.setCgroupItem("cgroup.freeze", "0");
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
