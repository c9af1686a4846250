package com.pelagicore.softwarecontainer.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Containers in a control group that is delegated to the agent; here nobody delegates, so LXC makes it. */
@SystemTest
final class CgroupParentIT {

    private static final String PARENT = "softwarecontainer-test.slice/containers@1.service";

    @AfterEach
    void restart(LiveAgent agent) {
        agent.stop();
        // LXC leaves the group that its monitor ended in
        Programs.run("sh", "-c", "find /sys/fs/cgroup -depth -type d -path '*/softwarecontainer-test.slice*' -delete");
        agent.start();
    }

    @Test
    void makesContainersInTheGivenControlGroup(LiveAgent agent) {
        agent.stop();
        agent.start("--cgroup-parent=" + PARENT);
        try (AgentClient client = agent.connect()) {
            int id = client.create();

            HostProcess sleep = HostProcess.running(client.execute(id, "/bin/sleep 1000"), "/bin/sleep");

            assertThat(groups(sleep))
                    .isNotEmpty()
                    .allMatch(path -> path.endsWith("/" + PARENT + "/lxc.payload.SC-" + id));
            assertThat(groups(new HostProcess(sleep.init().parent())))
                    .allMatch(path -> path.endsWith("/" + PARENT + "/lxc.monitor.SC-" + id));
            client.suspend(id);
            client.resume(id);
            client.destroy(id);
            assertThat(Programs.run(
                            "find",
                            "/sys/fs/cgroup",
                            "-type",
                            "d",
                            "-name",
                            "lxc.*.SC-" + id,
                            "-path",
                            "*/" + PARENT + "/*"))
                    .isEmpty();
        }
    }

    @Test
    void refusesAControlGroupThatCannotBe(LiveAgent agent) {
        LiveAgent.Ended ended = agent.startAndAwaitEnd("--cgroup-parent=/sys/fs/cgroup/x");

        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.output()).contains("--cgroup-parent", "'/sys/fs/cgroup/x'");
    }

    /** Paths in the hierarchies in which something was made: one that nobody has mounted shows the root. */
    private static List<String> groups(HostProcess process) {
        return process.read("cgroup")
                .lines()
                .map(line -> line.split(":", 3)[2])
                .filter(path -> !path.equals("/"))
                .toList();
    }
}
