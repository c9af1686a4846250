package com.pelagicore.softwarecontainer.system;

import static com.pelagicore.softwarecontainer.system.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.pelagicore.softwarecontainer.system.AgentClient.Execution;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Limits that the kernel enforces; with the controllers that this host has, of whichever version. */
@SystemTest
final class CgroupsIT {

    private static final int SIGKILL = 9;
    private static final boolean UNIFIED = Files.exists(Path.of("/sys/fs/cgroup/cgroup.controllers"));

    /** Takes 50 MB of memory at once; "1+0 records out" if it gets them. */
    private static final String TAKING = "dd if=/dev/zero of=/dev/null bs=50000000 count=1 2>&1 || true";

    @BeforeAll
    static void writeManifest(LiveAgent agent) throws IOException {
        Files.writeString(
                agent.manifests().resolve("cgroups.json"),
                """
                {"capabilities": [
                  {"name": "cg.small", "gateways": [{"id": "cgroups", "config": [
                    {"setting": "memory.limit_in_bytes", "value": "16M"}, {"setting": "pids.max", "value": "8"}]}]},
                  {"name": "cg.small.v2", "gateways": [{"id": "cgroups", "config": [
                    {"setting": "memory.max", "value": "16M"}, {"setting": "memory.swap.max", "value": "0"},
                    {"setting": "cpu.weight", "value": "10000"}, {"setting": "cpu.max", "value": "50000 100000"}]}]},
                  {"name": "cg.large", "gateways": [{"id": "cgroups", "config": [
                    {"setting": "memory.max", "value": "512M"}, {"setting": "memory.swap.max", "value": "0"}]}]},
                  {"name": "cg.unknown", "gateways": [
                    {"id": "env", "config": [{"name": "UNKNOWN", "value": "yes"}]},
                    {"id": "devicenode", "config": [{"name": "/dev/net/tun", "mode": 666}]},
                    {"id": "cgroups", "config": [
                      {"setting": "memory.max", "value": "1G"}, {"setting": "memory.swap.max", "value": "0"},
                      {"setting": "zoo.animals", "value": "1"}]}]},
                  {"name": "cg.v1", "gateways": [{"id": "cgroups", "config": [
                    {"setting": "memory.limit_in_bytes", "value": "64M"}, {"setting": "cpu.shares", "value": "512"},
                    {"setting": "cpu.cfs_quota_us", "value": "20000"}, {"setting": "pids.max", "value": "100"}]}]},
                  {"name": "cg.v2", "gateways": [{"id": "cgroups", "config": [
                    {"setting": "memory.max", "value": "32M"}, {"setting": "memory.swap.max", "value": "0"},
                    {"setting": "cpu.weight", "value": "10000"}, {"setting": "cpu.max", "value": "50000 200000"}]}]},
                  {"name": "cg.elsewhere", "gateways": [{"id": "cgroups", "config": [
                    {"setting": "%s", "value": "%s"}]}]},
                  {"name": "cg.pages", "gateways": [{"id": "cgroups", "config": [
                    {"setting": "hugetlb.2MB.limit_in_bytes", "value": "4M"}]}]},
                  {"name": "cg.refused", "gateways": [{"id": "cgroups", "config": [
                    {"setting": "cpuset.cpus", "value": "4095"}]}]},
                  {"name": "cg.bad", "gateways": [{"id": "cgroups", "config": [
                    {"setting": "cpu.shares", "value": "100abc"}]}]}
                ]}
                """
                        .formatted(UNIFIED ? "net_cls.classid" : "memory.high", UNIFIED ? "0x100001" : "16M"));
        agent.stop();
        agent.start();
    }

    @Test
    void killsWhoTakesMoreMemoryThanIsGranted(LiveAgent agent) {
        try (AgentClient client = agent.connect()) {
            int id = client.create();
            int neighbour = client.create();
            client.setCapabilities(id, "cg.small.v2");
            Execution modest = client.execute(id, "/bin/sleep 1000");

            assertThat(client.execute(id, "/bin/tail /dev/zero").status() & 0x7f)
                    .isEqualTo(SIGKILL);

            assertThat(new HostProcess(modest.pid()).isAlive()).isTrue();
            assertThat(client.shell(neighbour, "echo well")).isEqualTo("well");
            assertThat(client.shell(id, "echo well")).isEqualTo("well");
        }
    }

    @Test
    void refusesMoreProcessesThanAreGranted(LiveAgent agent) {
        try (AgentClient client = agent.connect()) {
            int id = client.create();
            client.setCapabilities(id, "cg.small");

            Execution bomb =
                    client.execute(id, "/bin/sh -c 'i=0; while [ $i -lt 20 ]; do sleep 1000 & i=$((i+1)); done'");
            bomb.status();

            assertThat(bomb.output()).contains("fork");
            assertThat(client.list()).contains(id);
        }
    }

    @Test
    void raisesALimitOfARunningContainer(LiveAgent agent) {
        try (AgentClient client = agent.connect()) {
            int id = client.create();
            client.setCapabilities(id, "cg.small.v2");
            assertThat(client.shell(id, TAKING)).doesNotContain("1+0 records out");

            client.setCapabilities(id, "cg.large");

            assertThat(client.shell(id, TAKING)).contains("1+0 records out");
        }
    }

    /** Whichever version the host has. */
    @Test
    void translatesTheNamesOfTheOtherVersionAndTakesTheLargerOfTwoValues(LiveAgent agent) {
        try (AgentClient client = agent.connect()) {
            int id = client.create();
            Execution run = client.execute(id, "/bin/sleep 1000");

            client.setCapabilities(id, "cg.v1");

            assertThat(limit(run, "memory.limit_in_bytes", "memory.max")).isEqualTo("67108864");
            assertThat(limit(run, "pids.max", "pids.max")).isEqualTo("100");
            assertThat(limit(run, "cpu.shares", "cpu.weight")).isEqualTo(UNIFIED ? "20" : "512");
            assertThat(limit(run, "cpu.cfs_quota_us", "cpu.max")).isEqualTo(UNIFIED ? "20000 100000" : "20000");

            client.setCapabilities(id, "cg.v2");

            assertThat(limit(run, "memory.limit_in_bytes", "memory.max")).isEqualTo("67108864");
            assertThat(limit(run, "memory.memsw.limit_in_bytes", "memory.swap.max"))
                    .isEqualTo(UNIFIED ? "0" : "67108864");
            assertThat(limit(run, "cpu.shares", "cpu.weight")).isEqualTo(UNIFIED ? "10000" : "262144");
            assertThat(limit(run, "cpu.cfs_quota_us", "cpu.max")).isEqualTo(UNIFIED ? "50000 200000" : "50000");
        }
    }

    /** A host with both versions leaves this controller to v2, whatever it does with the others. */
    @Test
    void writesToWhicheverVersionHasTheController(LiveAgent agent) {
        try (AgentClient client = agent.connect()) {
            int id = client.create();
            client.setCapabilities(id, "cg.pages");
            Execution run = client.execute(id, "/bin/sleep 1000");

            assertThat(limit(run, "hugetlb.2MB.limit_in_bytes", "hugetlb.2MB.max"))
                    .isEqualTo("4194304");
        }
    }

    @Test
    void refusesWhatOnlyTheOtherVersionCanDo(LiveAgent agent) {
        try (AgentClient client = agent.connect()) {
            int id = client.create();

            assertRefused(() -> client.setCapabilities(id, "cg.elsewhere"))
                    .contains(UNIFIED ? "'net_cls.classid'" : "'memory.high'", "no such controller or key");
        }
    }

    /** What stands in the group of a process, by the one name or the other. */
    private static String limit(Execution run, String keyOfV1, String keyOfV2) {
        return new HostProcess(run.pid())
                .read("cgroup")
                .lines()
                .map(line -> line.split(":", 3))
                .flatMap(line -> Stream.of(
                        Path.of("/sys/fs/cgroup", controller(keyOfV1), line[2], keyOfV1),
                        Path.of("/sys/fs/cgroup", line[2], keyOfV2),
                        Path.of("/sys/fs/cgroup/unified", line[2], keyOfV2)))
                .filter(Files::exists)
                .distinct()
                .map(CgroupsIT::content)
                .collect(Collectors.joining(" and "));
    }

    private static String controller(String key) {
        return key.substring(0, key.indexOf('.'));
    }

    private static String content(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void takesAllBackIfTheHostHasNoSuchKey(LiveAgent agent) {
        try (AgentClient client = agent.connect()) {
            int id = client.create();
            client.setCapabilities(id, "cg.small.v2");
            client.bindMount(id, Path.of("/dev/net/tun"), "/opt/tun", false);

            assertRefused(() -> client.setCapabilities(id, "cg.unknown")).contains("'zoo.animals'", "ENOENT");

            assertThat(client.execute(id, "/bin/tail /dev/zero").status() & 0x7f)
                    .isEqualTo(SIGKILL);
            assertThat(client.shell(id, "echo x$UNKNOWN; ls /dev/net/tun 2>&1; (: < /opt/tun) 2>&1 || true"))
                    .startsWith("x\n")
                    .containsPattern("No such file.*\n.*(Operation not permitted|Permission denied)");
        }
    }

    @Test
    void saysWhyTheKernelRefuses(LiveAgent agent) {
        try (AgentClient client = agent.connect()) {
            int id = client.create();

            assertRefused(() -> client.setCapabilities(id, "cg.refused")).contains("'cpuset.cpus'", "'4095'", ": E");
            assertRefused(() -> client.setCapabilities(id, "cg.bad"))
                    .contains("gateway 'cgroups'", "config[0]", "cpu.shares", "'100abc'");

            assertThat(client.shell(id, "echo well")).isEqualTo("well");
        }
    }
}
