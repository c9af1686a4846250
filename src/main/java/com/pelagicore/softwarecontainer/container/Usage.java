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
 * @param memoryKills processes killed since its start because the limit of memory was reached
 * @param refusedTasks processes and threads that could not be started since, because of the limit of tasks
 */
public record Usage(
        OptionalLong memoryBytes,
        OptionalLong cpuNanos,
        OptionalLong tasks,
        OptionalLong memoryKills,
        OptionalLong refusedTasks) {

    private static final String CPU_V2 = "usage_usec ";

    static Usage read(ControlGroups cgroups, String name) {
        return new Usage(
                first(cgroups, name, List.of("memory.usage_in_bytes", "memory.current")),
                cpu(cgroups, name),
                first(cgroups, name, List.of("pids.current")),
                counter(cgroups, name, List.of("memory.oom_control", "memory.events"), "oom_kill "),
                counter(cgroups, name, List.of("pids.events"), "max "));
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
        OptionalLong micros = counter(cgroups, name, List.of("cpu.stat"), CPU_V2);
        return micros.isPresent() ? OptionalLong.of(1000 * micros.getAsLong()) : micros;
    }

    /** The number behind a word that begins a line. */
    private static OptionalLong counter(ControlGroups cgroups, String name, List<String> keys, String word) {
        return keys.stream()
                .map(key -> cgroups.read(name, key))
                .flatMap(Optional::stream)
                .flatMap(String::lines)
                .filter(line -> line.startsWith(word))
                .mapToLong(line -> Long.parseLong(line.substring(word.length())))
                .findFirst();
    }
}
