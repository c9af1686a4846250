package com.pelagicore.softwarecontainer.linux;

import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Looks what this host has of what containers need; changes nothing. Answers say what is lacking; empty: nothing. */
public final class HostProbe {

    private static final Path MOUNTS = Path.of("/proc/self/mounts");
    private static final Path SECCOMP_ACTIONS = Path.of("/proc/sys/kernel/seccomp/actions_avail");
    private static final Path APPARMOR_PROFILES = Path.of("/sys/kernel/security/apparmor/profiles");
    private static final Path UNIFIED_CGROUPS = Path.of("/sys/fs/cgroup/cgroup.controllers");
    private static final Path RELEASE = Path.of("/proc/sys/kernel/osrelease");

    private static final Set<String> CONTROLLERS =
            Set.of("blkio", "cpu", "cpuset", "devices", "freezer", "hugetlb", "io", "memory", "pids");

    private static final List<Path> BRIDGE_SETTINGS = List.of(
            Path.of("/proc/sys/net/bridge/bridge-nf-call-iptables"),
            Path.of("/proc/sys/net/bridge/bridge-nf-call-ip6tables"));

    private static final Path POLKIT = Path.of("/usr/share/dbus-1/system-services/org.freedesktop.PolicyKit1.service");

    private static final Path POLKIT_ACTIONS =
            Path.of("/usr/share/polkit-1/actions/com.pelagicore.SoftwareContainer.policy");

    private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+).*");

    /** For mount_setattr(2). */
    private static final int OLDEST_MAJOR = 5;

    private static final int OLDEST_MINOR = 12;

    /** {@code 6.1.0-18-amd64}. */
    public String kernelRelease() {
        return read(RELEASE).map(String::strip).orElse("");
    }

    /** Whether there are control groups of version 2 only. */
    public boolean hasUnifiedCgroups() {
        return Files.exists(UNIFIED_CGROUPS);
    }

    public Optional<String> kernel() {
        return olderThan(OLDEST_MAJOR, OLDEST_MINOR);
    }

    /** That the kernel is too old, if it is. */
    Optional<String> olderThan(int major, int minor) {
        Matcher version = VERSION.matcher(kernelRelease());
        if (!version.matches()) {
            return Optional.of("'" + RELEASE + "' does not tell a version");
        }
        int found = Integer.parseInt(version.group(1));
        boolean old = found < major || (found == major && Integer.parseInt(version.group(2)) < minor);
        return old
                ? Optional.of("Linux " + kernelRelease() + " is older than " + major + "." + minor)
                : Optional.empty();
    }

    public Optional<String> overlay() {
        try {
            DetachedMount.context("overlay").close();
            return Optional.empty();
        } catch (SoftwareContainerException refused) {
            return Optional.of("this kernel has no overlayfs: " + refused.getMessage());
        }
    }

    public Optional<String> systemCallFilter() {
        return read(SECCOMP_ACTIONS)
                        .filter(actions -> actions.contains("errno"))
                        .isPresent()
                ? Optional.empty()
                : Optional.of("this kernel cannot filter system calls (CONFIG_SECCOMP_FILTER)");
    }

    /** The profile of that name is loaded. */
    public Optional<String> appArmorProfile(String name) {
        Optional<String> profiles = read(APPARMOR_PROFILES);
        if (profiles.isEmpty()) {
            return Optional.of("AppArmor is not active in this kernel");
        }
        return profiles.get().lines().anyMatch(line -> line.startsWith(name + " ("))
                ? Optional.empty()
                : Optional.of("the AppArmor profile '" + name + "' is not loaded");
    }

    /** Those controllers of control groups, of either version, that containers may have a use for. */
    public SortedSet<String> controllers() {
        SortedSet<String> controllers = new TreeSet<>();
        for (String line : read(MOUNTS).orElse("").lines().toList()) {
            String[] fields = line.split(" ", -1);
            if (fields.length > 3 && fields[2].equals("cgroup")) {
                controllers.addAll(Arrays.asList(fields[3].split(",")));
            } else if (fields.length > 3 && fields[2].equals("cgroup2")) {
                // devices are judged and processes are frozen without a controller
                controllers.addAll(List.of("devices", "freezer"));
                read(Path.of(fields[1], "cgroup.controllers"))
                        .ifPresent(names ->
                                controllers.addAll(List.of(names.strip().split(" ", -1))));
            }
        }
        controllers.retainAll(CONTROLLERS);
        return controllers;
    }

    /** Whether the program is found as execvp(3) would find it. */
    public boolean hasProgram(String name) {
        String path = System.getenv().getOrDefault("PATH", "");
        return Arrays.stream(path.split(":", -1))
                .filter(directory -> !directory.isEmpty())
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, name)));
    }

    /** Whether frames between ports of a bridge pass the rules for IP packets as well. */
    public boolean filtersBridgedPackets() {
        return BRIDGE_SETTINGS.stream()
                .anyMatch(setting ->
                        read(setting).filter(text -> text.strip().equals("1")).isPresent());
    }

    /** Whether polkit is installed; it is started by the bus. */
    public boolean hasPolkit() {
        return Files.exists(POLKIT);
    }

    /** Whether polkit has been told of this agent's actions. */
    public boolean hasPolkitActions() {
        return Files.exists(POLKIT_ACTIONS);
    }

    private static Optional<String> read(Path file) {
        try {
            return Optional.of(Files.readString(file));
        } catch (IOException missing) {
            return Optional.empty();
        }
    }
}
