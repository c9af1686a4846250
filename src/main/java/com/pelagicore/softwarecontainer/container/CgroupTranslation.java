package com.pelagicore.softwarecontainer.container;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import com.pelagicore.softwarecontainer.spec.CgroupSetting;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Settings of cgroup v1 and v2 by the names and in the units of the version that the host has, controller by
 * controller (the kernel's admin-guide/cgroup-v1 and cgroup-v2; table in docs/gateways/cgroups.md). Of two
 * settings that become one, the larger counts. Keys of which the host has neither version stay as they are.
 */
final class CgroupTranslation {

    /** Of limits in bytes and of CPU quotas, with cgroup v1. */
    static final String UNLIMITED_V1 = "-1";

    private static final String UNLIMITED = CgroupSetting.UNLIMITED;

    private static final String MEMORY_V1 = "memory.limit_in_bytes";
    private static final String MEMORY_AND_SWAP_V1 = "memory.memsw.limit_in_bytes";
    private static final String MEMORY_V2 = "memory.max";
    private static final String SWAP_V2 = "memory.swap.max";
    private static final String QUOTA_V1 = "cpu.cfs_quota_us";
    private static final String PERIOD_V1 = "cpu.cfs_period_us";
    private static final String CPU_V2 = "cpu.max";

    /** The kernel's default period, in microseconds. */
    private static final String PERIOD = "100000";

    private static final Pattern HUGE_PAGES = Pattern.compile("(hugetlb\\.[0-9A-Z]+)\\.(limit_in_bytes|max)");

    private final SortedMap<String, String> settings;
    private final Predicate<String> hostHas;

    private CgroupTranslation(SortedMap<String, String> settings, Predicate<String> hostHas) {
        this.settings = new TreeMap<>(settings);
        this.hostHas = hostHas;
    }

    /**
     * What is to be written on this host.
     *
     * @param hostHas whether the group has such a key
     * @throws SoftwareContainerException INVALID_ARGUMENT if a setting means nothing without another one
     */
    static SortedMap<String, String> forHost(SortedMap<String, String> settings, Predicate<String> hostHas) {
        if (settings.isEmpty()) {
            return settings;
        }
        CgroupTranslation translation = new CgroupTranslation(settings, hostHas);
        translation.memory();
        translation.time();
        translation.scaled("cpu.shares", "cpu.weight", 2, 262_144, 1, 10_000);
        translation.scaled("blkio.weight", "io.weight", 10, 1_000, 1, 10_000);
        settings.keySet().forEach(translation::hugePages);
        return translation.settings;
    }

    private void memory() {
        if (hostHas.test(MEMORY_V2)) {
            rename(MEMORY_V1, MEMORY_V2, UnaryOperator.identity());
            take(MEMORY_AND_SWAP_V1).ifPresent(total -> put(SWAP_V2, swap(total)));
        } else if (hostHas.test(MEMORY_V1)) {
            rename(MEMORY_V2, MEMORY_V1, UnaryOperator.identity());
            take(SWAP_V2).ifPresent(swap -> put(MEMORY_AND_SWAP_V1, memoryAndSwap(swap)));
            for (String key : new String[] {MEMORY_V1, MEMORY_AND_SWAP_V1}) {
                settings.computeIfPresent(key, (k, value) -> value.equals(UNLIMITED) ? UNLIMITED_V1 : value);
            }
        }
    }

    /** With v1 the limit is for both together, with v2 for swap alone. */
    private String swap(String total) {
        String memory = memory(MEMORY_AND_SWAP_V1, MEMORY_V2);
        if (total.equals(UNLIMITED)) {
            return UNLIMITED;
        }
        if (memory.equals(UNLIMITED) || Long.parseLong(memory) > Long.parseLong(total)) {
            throw refuse(
                    "'" + MEMORY_AND_SWAP_V1 + "' is memory and swap together and cannot be less than memory alone");
        }
        return Long.toString(Long.parseLong(total) - Long.parseLong(memory));
    }

    private String memoryAndSwap(String swap) {
        String memory = memory(SWAP_V2, MEMORY_V1);
        if (swap.equals(UNLIMITED) || memory.equals(UNLIMITED)) {
            return UNLIMITED;
        }
        long sum = Long.parseLong(memory) + Long.parseLong(swap);
        return sum < 0 ? UNLIMITED : Long.toString(sum);
    }

    private String memory(String key, String memoryKey) {
        return Optional.ofNullable(settings.get(memoryKey))
                .orElseThrow(() -> refuse(
                        "'" + key + "' needs '" + MEMORY_V1 + "' or '" + MEMORY_V2 + "' as well: this host limits "
                                + (memoryKey.equals(MEMORY_V1) ? "both together" : "swap alone")));
    }

    private static SoftwareContainerException refuse(String reason) {
        return new SoftwareContainerException(ErrorKind.INVALID_ARGUMENT, reason);
    }

    /** In the form of {@code cpu.max}, which says all in one. */
    private void time() {
        boolean asV1 = settings.containsKey(QUOTA_V1) || settings.containsKey(PERIOD_V1);
        if (hostHas.test(CPU_V2) && asV1) {
            settings.merge(CPU_V2, takeTimeOfV1(), CgroupTranslation::moreTime);
        } else if (!hostHas.test(CPU_V2) && hostHas.test(QUOTA_V1)) {
            take(CPU_V2).ifPresent(time -> putTimeOfV1(asV1 ? moreTime(time, takeTimeOfV1()) : time));
        }
    }

    private String takeTimeOfV1() {
        String quota = take(QUOTA_V1).orElse(UNLIMITED_V1);
        return (quota.equals(UNLIMITED_V1) ? UNLIMITED : quota)
                + " "
                + take(PERIOD_V1).orElse(PERIOD);
    }

    private void putTimeOfV1(String time) {
        String[] parts = time.split(" ", 2);
        settings.put(QUOTA_V1, parts[0].equals(UNLIMITED) ? UNLIMITED_V1 : parts[0]);
        settings.put(PERIOD_V1, parts.length > 1 ? parts[1] : PERIOD);
    }

    private static String moreTime(String one, String other) {
        return processors(one) >= processors(other) ? one : other;
    }

    /** How many may be kept busy. */
    private static double processors(String time) {
        String[] parts = time.split(" ", 2);
        return parts[0].equals(UNLIMITED)
                ? Double.POSITIVE_INFINITY
                : Double.parseDouble(parts[0]) / Double.parseDouble(parts.length > 1 ? parts[1] : PERIOD);
    }

    /** Two scales, of which the ends are the same; as systemd and the OCI runtimes have it. */
    private void scaled(String v1, String v2, long least1, long most1, long least2, long most2) {
        if (hostHas.test(v2)) {
            rename(v1, v2, value -> onScale(value, least1, most1, least2, most2));
        } else if (hostHas.test(v1)) {
            rename(v2, v1, value -> onScale(value, least2, most2, least1, most1));
        }
    }

    private static String onScale(String value, long least, long most, long newLeast, long newMost) {
        try {
            long number = Math.max(least, Math.min(most, Long.parseLong(value)));
            return Long.toString(newLeast + (number - least) * (newMost - newLeast) / (most - least));
        } catch (NumberFormatException e) {
            throw refuse("'" + value + "' is not a weight");
        }
    }

    private void hugePages(String key) {
        Matcher matcher = HUGE_PAGES.matcher(key);
        if (matcher.matches() && !hostHas.test(key)) {
            String other = matcher.group(1) + (matcher.group(2).equals("max") ? ".limit_in_bytes" : ".max");
            if (hostHas.test(other)) {
                take(key).ifPresent(value -> settings.putIfAbsent(other, value));
            }
        }
    }

    private void rename(String from, String to, UnaryOperator<String> conversion) {
        take(from).ifPresent(value -> put(to, conversion.apply(value)));
    }

    private Optional<String> take(String key) {
        return Optional.ofNullable(settings.remove(key));
    }

    private void put(String key, String value) {
        settings.merge(key, value, CgroupSetting::larger);
    }
}
