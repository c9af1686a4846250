package com.pelagicore.softwarecontainer.container;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What the control groups of a container count. What the host does not count is missing.
 *
 * @param memoryBytes of all its processes, with the page cache that they filled
 * @param cpuNanos since its start, of all processors
 * @param tasks processes and threads
 */
public record Usage(OptionalLong memoryBytes, OptionalLong cpuNanos, OptionalLong tasks) {

    private static final String CPU_V2 = "usage_usec ";

    static Usage read(ControlGroups cgroups, String name) {
        return new Usage(
                first(cgroups, name, List.of("memory.usage_in_bytes", "memory.current")),
                cpu(cgroups, name),
                first(cgroups, name, List.of("pids.current")));
    }

    private static OptionalLong first(ControlGroups cgroups, String name, List<String> keys) {
        return keys.stream()
                .map(key -> cgroups.read(name, key))
                .flatMap(Optional::stream)
                .mapToLong(Long::parseLong)
                .findFirst();
    }

    /** cpuacct.usage is in nanoseconds, the first line of cpu.stat in microseconds (cgroup-v1, cgroup-v2 of the kernel). */
    private static OptionalLong cpu(ControlGroups cgroups, String name) {
        OptionalLong nanos = first(cgroups, name, List.of("cpuacct.usage"));
        if (nanos.isPresent()) {
            return nanos;
        }
        return cgroups.read(name, "cpu.stat").stream()
                .flatMap(String::lines)
                .filter(line -> line.startsWith(CPU_V2))
                .mapToLong(line -> 1000 * Long.parseLong(line.substring(CPU_V2.length())))
                .findFirst();
    }
}
