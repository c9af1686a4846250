package com.pelagicore.softwarecontainer.lxc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** The freezer of a container's control group, of either version; liblxc would wait for it without end. */
final class LxcFreezer {

    static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final long ROUND_NANOS = 200_000;

    /** Of cgroup v1. */
    private static final String STATE = "freezer.state";

    private static final Path UNIFIED = Path.of("/sys/fs/cgroup");
    private static final String PAYLOAD = "lxc.payload.";

    private final String name;
    private final Liblxc.Handle container;

    LxcFreezer(String name, Liblxc.Handle container) {
        this.name = name;
        this.container = container;
    }

    /** False: a process cannot be frozen, as it waits for the kernel and for nothing else (state D of proc(5)). */
    boolean freeze() {
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        boolean frozen = isFrozen();
        while (!frozen && System.nanoTime() < deadline) {
            LockSupport.parkNanos(ROUND_NANOS);
            frozen = isFrozen();
        }
        return frozen;
    }

    void thaw() {
        container.setCgroupItem(STATE, "THAWED");
        unifiedGroup().ifPresent(group -> ask(group, "0"));
    }

    /**
     * Asks for it as well. The freezer of cgroup v1 may need some rounds (cgroup-v1/freezer-subsystem of the kernel's
     * documentation), and between two of them liblxc 5 sleeps for a second; when it comes after us it finds the work
     * done. It still has to, to know the state.
     */
    private boolean isFrozen() {
        if (container.setCgroupItem(STATE, "FROZEN")) {
            return container.cgroupItem(STATE).equals(Optional.of("FROZEN"));
        }
        // where there is neither, liblxc knows better
        return unifiedGroup().map(LxcFreezer::isFrozen).orElse(true);
    }

    private static boolean isFrozen(Path group) {
        return ask(group, "1").contains("frozen 1");
    }

    /** What has become of it; nothing if the group has gone, with the container. */
    private static List<String> ask(Path group, String freeze) {
        try {
            Files.writeString(group.resolve("cgroup.freeze"), freeze);
            return Files.readAllLines(group.resolve("cgroup.events"));
        } catch (IOException gone) {
            return List.of();
        }
    }

    /** Of cgroup v2: liblxc takes the "cgroup" of its keys for a controller, and knows none of that name. */
    private Optional<Path> unifiedGroup() {
        try {
            return Files.readAllLines(Path.of("/proc", Integer.toString(container.initPid()), "cgroup")).stream()
                    .filter(line -> line.startsWith("0::/"))
                    .map(line -> UNIFIED.resolve(line.substring("0::/".length())))
                    .filter(group -> group.getFileName().toString().startsWith(PAYLOAD + name))
                    .filter(group -> Files.exists(group.resolve("cgroup.freeze")))
                    .findFirst();
        } catch (IOException ended) {
            return Optional.empty();
        }
    }
}
