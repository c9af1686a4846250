package com.pelagicore.softwarecontainer.gateway.cgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.pelagicore.softwarecontainer.gateway.HostFacts;
import com.pelagicore.softwarecontainer.gateway.InvalidGatewayConfig;
import com.pelagicore.softwarecontainer.spec.CgroupSetting;
import com.pelagicore.softwarecontainer.spec.SpecItem;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class CgroupsGatewayTest {

    @ParameterizedTest
    @CsvSource({
        "memory.limit_in_bytes, 1000, 1000",
        "memory.limit_in_bytes, 4k, 4096",
        "memory.limit_in_bytes, 4K, 4096",
        "memory.memsw.limit_in_bytes, 3m, 3145728",
        "memory.max, 3M, 3145728",
        "memory.swap.max, 2g, 2147483648",
        "memory.max, 8589934591G, 9223372035781033984",
        "memory.max, 9223372036854775807, 9223372036854775807",
        "memory.max, max, max",
        "memory.limit_in_bytes, -1, max",
        "cpu.shares, 2, 2",
        "cpu.weight, 10000, 10000",
        "net_cls.classid, 0x100001, 0x100001",
        "net_cls.classid, 0xABCDEF01, 0xABCDEF01",
        "cpu.max, 50000 100000, 50000 100000",
        "cpu.max, max, max",
        "cpu.cfs_quota_us, -1, -1",
        "devices.allow, c 10:200 rw, c 10:200 rw",
        "hugetlb.2MB.max, 2M, 2M",
        "any.thing_at.all, as it is, as it is"
    })
    void takesASetting(String key, String value, String taken) {
        assertThat(contribute(setting(key, value))).containsExactly(new CgroupSetting(key, taken));
    }

    @Test
    void prefersTheLargerValueOfMemoryAndShares() {
        for (String key : List.of("memory.limit_in_bytes", "memory.memsw.limit_in_bytes", "memory.max")) {
            assertThat(contribute(setting(key, "1G"), setting(key, "1023M"), setting(key, "5k")))
                    .containsExactly(new CgroupSetting(key, "1073741824"));
            assertThat(contribute(setting(key, "1G"), setting(key, "max"), setting(key, "5k")))
                    .containsExactly(new CgroupSetting(key, "max"));
        }
        assertThat(contribute(setting("cpu.shares", "900"), setting("cpu.shares", "1024")))
                .containsExactly(new CgroupSetting("cpu.shares", "1024"));
    }

    @Test
    void prefersTheLaterValueOfOtherKeys() {
        assertThat(contribute(
                        setting("pids.max", "20"),
                        setting("net_cls.classid", "0x200001"),
                        setting("pids.max", "10"),
                        setting("net_cls.classid", "0x100001")))
                .containsExactly(new CgroupSetting("pids.max", "10"), new CgroupSetting("net_cls.classid", "0x100001"));
    }

    /** Seeds stand for any order and any number of elements. */
    @Test
    void permitsAsMuchMemoryAsAnyElementWhateverTheirOrder() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            List<String> elements = new ArrayList<>();
            long largest = 0;
            for (int i = random.nextInt(5) + 1; i > 0; i--) {
                int shift = random.nextInt(4);
                long number = random.nextInt(10_000);
                largest = Math.max(largest, number << (10 * shift));
                elements.add(setting(
                        "memory.max", number + List.of("", "k", "M", "g").get(shift)));
            }
            Collections.shuffle(elements, random);
            assertThat(contribute(elements.toArray(String[]::new)))
                    .containsExactly(new CgroupSetting("memory.max", Long.toString(largest)));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {}                                                     | 'setting' is missing
                    {"setting":"pids.max"}                                 | 'value' is missing
                    {"setting":"pids.max","value":""}                      | 'value' is empty
                    {"setting":"pids.max","value":7}                       | 'value' must be a string, not the number 7
                    {"setting":"tasks","value":"1"}                        | 'setting' must be the name of a key as 'memory.limit_in_bytes', not 'tasks'
                    {"setting":"../x.y","value":"1"}                       | 'setting' must be the name of a key as 'memory.limit_in_bytes', not '../x.y'
                    {"setting":"cgroup.procs","value":"1"}                 | 'setting' 'cgroup.procs' is no limit but moves or stops processes
                    {"setting":"freezer.state","value":"FROZEN"}           | 'setting' 'freezer.state' is no limit but moves or stops processes
                    {"setting":"pids.max","value":"1\\n2"}                 | 'value' of pids.max has more than one line
                    {"setting":"memory.max","value":"1T"}                  | 'value' of memory.max must be bytes, as '1048576' or '1M' with k, m or g, or 'max', not '1T'
                    {"setting":"memory.max","value":"-5"}                  | 'value' of memory.max must be bytes, as '1048576' or '1M' with k, m or g, or 'max', not '-5'
                    {"setting":"memory.max","value":"1.5G"}                | 'value' of memory.max must be bytes, as '1048576' or '1M' with k, m or g, or 'max', not '1.5G'
                    {"setting":"memory.max","value":"8589934592G"}         | 'value' of memory.max is too large: '8589934592G'
                    {"setting":"memory.max","value":"9223372036854775808"} | 'value' of memory.max is too large: '9223372036854775808'
                    {"setting":"cpu.shares","value":"1"}                   | 'value' of cpu.shares must be an integer, 2 or more, not 1
                    {"setting":"cpu.shares","value":"100abc"}              | 'value' of cpu.shares must be an integer, 2 or more, not '100abc'
                    {"setting":"cpu.shares","value":"9223372036854775808"} | 'value' of cpu.shares is too large: '9223372036854775808'
                    {"setting":"cpu.weight","value":"10001"}               | 'value' of cpu.weight is too large: '10001'
                    {"setting":"blkio.weight","value":"9"}                 | 'value' of blkio.weight must be an integer, 10 or more, not 9
                    {"setting":"net_cls.classid","value":"0x00000"}        | 'value' of net_cls.classid must not be 0
                    {"setting":"net_cls.classid","value":"0x1001"}         | 'value' of net_cls.classid must be '0x' with 5 to 8 hexadecimal digits, not '0x1001'
                    {"setting":"net_cls.classid","value":"100001"}         | 'value' of net_cls.classid must be '0x' with 5 to 8 hexadecimal digits, not '100001'
                    {"setting":"cpu.max","value":"50%"}                    | 'value' of cpu.max must be 'QUOTA PERIOD' in microseconds or 'max', not '50%'
                    {"setting":"cpu.cfs_quota_us","value":"-2"}            | 'value' of cpu.cfs_quota_us must be microseconds or -1, not '-2'
                    {"setting":"cpu.cfs_period_us","value":"-1"}           | 'value' of cpu.cfs_period_us must be microseconds, not '-1'
                    """)
    void refusesABadElementAndNamesTheKey(String element, String reason) {
        InvalidGatewayConfig error =
                catchThrowableOfType(InvalidGatewayConfig.class, () -> contribute(setting("pids.max", "10"), element));

        assertThat(error.element()).isEqualTo(1);
        assertThat(error).hasMessage(reason);
    }

    @Test
    void isQuickToRefuseAHugeNumber() {
        String huge = "9".repeat(1_000_000);

        assertThat(catchThrowableOfType(InvalidGatewayConfig.class, () -> contribute(setting("memory.max", huge)))
                        .getMessage())
                .hasSizeLessThan(200);
    }

    private static String setting(String key, String value) {
        return "{\"setting\":\"" + key + "\",\"value\":\"" + value + "\"}";
    }

    private static List<SpecItem> contribute(String... elements) {
        List<JsonNode> nodes = new ArrayList<>();
        for (String element : elements) {
            nodes.add(JsonMapper.shared().readTree(element));
        }
        return new CgroupsGateway().contribute(nodes, new HostFacts(Map.of()));
    }
}
