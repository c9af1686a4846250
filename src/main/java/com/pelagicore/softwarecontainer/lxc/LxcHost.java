package com.pelagicore.softwarecontainer.lxc;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What of the host a container's configuration depends on.
 *
 * @param processLimitKey of the version of control groups that has the controller; empty: neither
 * @param directories that all containers see, programs and libraries; true: users of a container can be shown its
 *     files as theirs
 * @param limits of a user namespace (namespaces(7), inotify(7)), by the name of the setting below {@code user}
 * @param cgroupParent in which the control groups of containers are; empty: where LXC puts them
 */
record LxcHost(
        Optional<String> processLimitKey,
        SortedMap<Path, Boolean> directories,
        SortedMap<String, Long> limits,
        Optional<String> cgroupParent) {

    /** Of the host's limit; it would have no instances left if a container took them all (user_namespaces(7)). */
    private static final int SHARE = 4;

    private static final Path LIMITS = Path.of("/proc/sys/user");

    LxcHost {
        directories = Collections.unmodifiableSortedMap(new TreeMap<>(directories));
        limits = Collections.unmodifiableSortedMap(new TreeMap<>(limits));
    }

    private static final Path MOUNTS = Path.of("/proc/self/mounts");

    static LxcHost read(SortedMap<Path, Boolean> directories, Optional<String> cgroupParent) {
        try {
            return new LxcHost(processLimitKey(Files.readAllLines(MOUNTS)), directories, readLimits(), cgroupParent);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** No further namespaces of users, and a share of what counts for the user who made the namespace. */
    private static SortedMap<String, Long> readLimits() throws IOException {
        SortedMap<String, Long> limits = new TreeMap<>();
        if (Files.exists(LIMITS.resolve("max_user_namespaces"))) {
            limits.put("max_user_namespaces", 0L);
        }
        for (String name : List.of("max_inotify_instances", "max_inotify_watches")) {
            Path file = LIMITS.resolve(name);
            if (Files.exists(file)) {
                limits.put(name, readNumber(file) / SHARE);
            }
        }
        return limits;
    }

    /** In one piece: a second read would be told that the file has ended, whatever the first has got. */
    private static long readNumber(Path setting) throws IOException {
        try (InputStream file = Files.newInputStream(setting)) {
            byte[] digits = new byte[32];
            int length = file.read(digits);
            return Long.parseLong(new String(digits, 0, Math.max(length, 0), StandardCharsets.US_ASCII).strip());
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
