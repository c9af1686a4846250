package com.pelagicore.softwarecontainer.lxc;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a container's configuration depends on.
 *
 * @param processLimitKey of the version of control groups that has the controller; empty: neither
 * @param cgroupParent in which the control groups of containers are; empty: where LXC puts them
 * @param directories of the host that all containers see: programs and libraries; names in its root
 */
record LxcHost(Optional<String> processLimitKey, List<String> directories, Optional<String> cgroupParent) {

    LxcHost {
        directories = List.copyOf(directories);
    }

    private static final Path MOUNTS = Path.of("/proc/self/mounts");

    static LxcHost read(Optional<String> cgroupParent) {
        try {
            List<String> directories = Stream.of("usr", "lib", "lib64")
                    .filter(name -> Files.isDirectory(Path.of("/", name)))
                    .toList();
            return new LxcHost(processLimitKey(Files.readAllLines(MOUNTS)), directories, cgroupParent);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A controller is in one hierarchy of v1, or in that of v2, or nowhere. */
    private static Optional<String> processLimitKey(List<String> mounts) {
        for (String line : mounts) {
            String[] fields = line.split(" ", -1);
            if (fields[2].equals("cgroup") && List.of(fields[3].split(",")).contains("pids")) {
                return Optional.of("lxc.cgroup.pids.max");
            }
            if (fields[2].equals("cgroup2") && hasController(Path.of(fields[1]))) {
                return Optional.of("lxc.cgroup2.pids.max");
            }
        }
        return Optional.empty();
    }

    private static boolean hasController(Path hierarchy) {
        try {
            return List.of(Files.readString(hierarchy.resolve("cgroup.controllers"))
                            .strip()
                            .split(" ", -1))
                    .contains("pids");
        } catch (IOException unreadable) {
            return false;
        }
    }
}
