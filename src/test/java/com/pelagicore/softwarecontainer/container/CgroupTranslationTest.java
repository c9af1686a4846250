package com.pelagicore.softwarecontainer.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CgroupTranslationTest {

    private static final Set<String> V1 = Set.of(
            "memory.limit_in_bytes",
            "memory.memsw.limit_in_bytes",
            "cpu.shares",
            "cpu.cfs_quota_us",
            "cpu.cfs_period_us",
            "cpuset.cpus",
            "pids.max",
            "blkio.weight",
            "hugetlb.2MB.limit_in_bytes",
            "net_cls.classid");

    private static final Set<String> V2 = Set.of(
            "memory.max",
            "memory.swap.max",
            "memory.high",
            "cpu.weight",
            "cpu.max",
            "cpuset.cpus",
            "pids.max",
            "io.weight",
            "hugetlb.2MB.max");

    /** The ends of the scales, and the defaults of the kernel. */
    @ParameterizedTest
    @CsvSource({
        "memory.limit_in_bytes, 4096, memory.max, 4096",
        "memory.limit_in_bytes, max, memory.max, max",
        "cpu.shares, 2, cpu.weight, 1",
        "cpu.shares, 1024, cpu.weight, 39",
        "cpu.shares, 262144, cpu.weight, 10000",
        "cpu.shares, 9999999, cpu.weight, 10000",
        "cpu.cfs_quota_us, 50000, cpu.max, 50000 100000",
        "cpu.cfs_quota_us, -1, cpu.max, max 100000",
        "cpu.cfs_period_us, 20000, cpu.max, max 20000",
        "blkio.weight, 10, io.weight, 1",
        "blkio.weight, 1000, io.weight, 10000",
        "hugetlb.2MB.limit_in_bytes, 2M, hugetlb.2MB.max, 2M",
        "pids.max, 7, pids.max, 7",
        "cpuset.cpus, 0-1, cpuset.cpus, 0-1",
        "net_cls.classid, 0x100001, net_cls.classid, 0x100001",
        "memory.high, 4096, memory.high, 4096"
    })
    void speaksV2(String key, String value, String v2Key, String v2Value) {
        assertThat(on(V2, Map.of(key, value))).isEqualTo(Map.of(v2Key, v2Value));
    }

    @ParameterizedTest
    @CsvSource({
        "memory.max, 4096, memory.limit_in_bytes, 4096",
        "memory.max, max, memory.limit_in_bytes, -1",
        "memory.limit_in_bytes, max, memory.limit_in_bytes, -1",
        "cpu.weight, 1, cpu.shares, 2",
        "cpu.weight, 100, cpu.shares, 2597",
        "cpu.weight, 10000, cpu.shares, 262144",
        "io.weight, 1, blkio.weight, 10",
        "io.weight, 10000, blkio.weight, 1000",
        "hugetlb.2MB.max, 2M, hugetlb.2MB.limit_in_bytes, 2M",
        "pids.max, 7, pids.max, 7",
        "memory.high, 4096, memory.high, 4096"
    })
    void speaksV1(String key, String value, String v1Key, String v1Value) {
        assertThat(on(V1, Map.of(key, value))).isEqualTo(Map.of(v1Key, v1Value));
    }

    @Test
    void splitsAndJoinsTheQuotaOfTime() {
        assertThat(on(V1, Map.of("cpu.max", "5000 10000")))
                .isEqualTo(Map.of("cpu.cfs_quota_us", "5000", "cpu.cfs_period_us", "10000"));
        assertThat(on(V1, Map.of("cpu.max", "max")))
                .isEqualTo(Map.of("cpu.cfs_quota_us", "-1", "cpu.cfs_period_us", "100000"));
        assertThat(on(V2, Map.of("cpu.cfs_quota_us", "5000", "cpu.cfs_period_us", "10000")))
                .isEqualTo(Map.of("cpu.max", "5000 10000"));
    }

    @Test
    void limitsSwapAloneWithV2AndBothTogetherWithV1() {
        assertThat(on(V2, Map.of("memory.limit_in_bytes", "100", "memory.memsw.limit_in_bytes", "150")))
                .isEqualTo(Map.of("memory.max", "100", "memory.swap.max", "50"));
        assertThat(on(V2, Map.of("memory.limit_in_bytes", "100", "memory.memsw.limit_in_bytes", "max")))
                .isEqualTo(Map.of("memory.max", "100", "memory.swap.max", "max"));
        assertThat(on(V1, Map.of("memory.max", "100", "memory.swap.max", "50")))
                .isEqualTo(Map.of("memory.limit_in_bytes", "100", "memory.memsw.limit_in_bytes", "150"));
        assertThat(on(V1, Map.of("memory.max", "9223372036854775807", "memory.swap.max", "50")))
                .containsEntry("memory.memsw.limit_in_bytes", "-1");
    }

    @Test
    void refusesALimitForSwapThatMeansNothingAlone() {
        assertThatThrownBy(() -> on(V2, Map.of("memory.memsw.limit_in_bytes", "150")))
                .hasMessage("'memory.memsw.limit_in_bytes' needs 'memory.limit_in_bytes' or 'memory.max' as well: this"
                        + " host limits swap alone")
                .extracting("kind")
                .isEqualTo(ErrorKind.INVALID_ARGUMENT);
        assertThatThrownBy(() -> on(V1, Map.of("memory.swap.max", "150"))).hasMessageContaining("both together");
        assertThatThrownBy(() -> on(V2, Map.of("memory.limit_in_bytes", "200", "memory.memsw.limit_in_bytes", "150")))
                .hasMessageContaining("cannot be less than memory alone");
    }

    @Test
    void prefersTheLargerOfTheTwoNamesOfOneSetting() {
        assertThat(on(V1, Map.of("memory.max", "max", "memory.limit_in_bytes", "4096")))
                .isEqualTo(Map.of("memory.limit_in_bytes", "-1"));
        assertThat(on(V2, Map.of("memory.max", "1", "memory.limit_in_bytes", "4096")))
                .isEqualTo(Map.of("memory.max", "4096"));
        assertThat(on(V2, Map.of("cpu.weight", "5000", "cpu.shares", "2"))).isEqualTo(Map.of("cpu.weight", "5000"));
    }

    @Test
    void prefersTheLargerShareOfTimeOfTheTwoNames() {
        Map<String, String> larger = Map.of("cpu.max", "50000 200000", "cpu.cfs_quota_us", "20000");
        Map<String, String> smaller = Map.of("cpu.max", "30000 200000", "cpu.cfs_quota_us", "20000");
        Map<String, String> unlimited = Map.of("cpu.max", "30000 200000", "cpu.cfs_quota_us", "-1");

        assertThat(on(V1, larger)).isEqualTo(Map.of("cpu.cfs_quota_us", "50000", "cpu.cfs_period_us", "200000"));
        assertThat(on(V2, larger)).isEqualTo(Map.of("cpu.max", "50000 200000"));
        assertThat(on(V1, smaller)).isEqualTo(Map.of("cpu.cfs_quota_us", "20000", "cpu.cfs_period_us", "100000"));
        assertThat(on(V2, smaller)).isEqualTo(Map.of("cpu.max", "20000 100000"));
        assertThat(on(V2, unlimited)).isEqualTo(Map.of("cpu.max", "max 100000"));
    }

    @Test
    void leavesWhatTheHostHasInNeitherVersion() {
        Map<String, String> settings = Map.of("memory.max", "1", "cpu.shares", "2", "io.weight", "3", "x.y", "z");

        assertThat(on(Set.of(), settings)).isEqualTo(settings);
    }

    private static SortedMap<String, String> on(Set<String> keysOfHost, Map<String, String> settings) {
        return CgroupTranslation.forHost(new TreeMap<>(settings), keysOfHost::contains);
    }
}
