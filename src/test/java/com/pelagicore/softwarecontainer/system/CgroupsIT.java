package com.pelagicore.softwarecontainer.system;

import static com.pelagicore.softwarecontainer.system.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.pelagicore.softwarecontainer.system.AgentClient.Execution;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Limits that the kernel enforces; with the controllers that this host has, of whichever version. */
@SystemTest
final class CgroupsIT {

    private static final int SIGKILL = 9;
    private static final String PAGES_V2 = "/hugetlb.2MB.max";

    @BeforeEach
    void writeManifest(LiveAgent agent) throws IOException {
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
                  {"name": "cg.pages", "gateways": [{"id": "cgroups", "config": [
                    {"setting": "hugetlb.2MB.limit_in_bytes", "value": "4M"}]}]},
                  {"name": "cg.refused", "gateways": [{"id": "cgroups", "config": [
                    {"setting": "cpuset.cpus", "value": "4095"}]}]},
                  {"name": "cg.bad", "gateways": [{"id": "cgroups", "config": [
                    {"setting": "cpu.shares", "value": "100abc"}]}]}
                ]}
                """);
        agent.stop();
        agent.start();
    }

    @AfterEach
    void removeManifest(LiveAgent agent) throws IOException {
        Files.delete(agent.manifests().resolve("cgroups.json"));
    }

    @Test
    void killsWhoTakesMoreMemoryThanIsGranted(LiveAgent agent) {
        try (AgentClient client = agent.connect()) {
            int id = client.create();
            int neighbour = client.create();
            client.setCapabilities(id, "cg.small.v2");

            assertThat(client.execute(id, "/bin/tail /dev/zero").status() & 0x7f)
                    .isEqualTo(SIGKILL);

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
            String taking = "head -c 60000000 /dev/zero | tail -c 50000000 | wc -c";
            assertThat(client.shell(id, taking + " || true")).doesNotContain("50000000");

            client.setCapabilities(id, "cg.large");

            assertThat(client.shell(id, taking)).isEqualTo("50000000");
        }
    }

    /** The controller that hosts with both versions leave to v2. */
    @Test
    void writesToWhicheverVersionHasTheController(LiveAgent agent) throws IOException {
        try (AgentClient client = agent.connect()) {
            int id = client.create();
            client.setCapabilities(id, "cg.pages");
            Execution run = client.execute(id, "/bin/sleep 1000");

            List<String> limits = new ArrayList<>();
            for (String line : Files.readAllLines(Path.of("/proc/" + run.pid() + "/cgroup"))) {
                String group = line.split(":", 3)[2];
                for (String key : List.of("/hugetlb" + group + "/hugetlb.2MB.limit_in_bytes", group + PAGES_V2)) {
                    addContent(Path.of("/sys/fs/cgroup" + key), limits);
                    addContent(Path.of("/sys/fs/cgroup/unified" + key), limits);
                }
            }

            assertThat(limits).containsOnly("4194304");
        }
    }

    private static void addContent(Path file, List<String> contents) throws IOException {
        if (Files.exists(file)) {
            contents.add(Files.readString(file).strip());
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
                    .contains("No such file", "Operation not permitted");
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
