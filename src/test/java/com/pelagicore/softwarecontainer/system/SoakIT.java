package com.pelagicore.softwarecontainer.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.pelagicore.softwarecontainer.system.AgentClient.Execution;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Nothing grows with the number of containers that were; more of them: {@code bin/test -Dit.test=SoakIT -Dsoak.cycles=10000}. */
@SystemTest
final class SoakIT {

    private static final int CYCLES = Integer.getInteger("soak.cycles", 40);
    private static final int WARM_UP = 10 + CYCLES / 20;

    private static final long MORE_HEAP_KB = 2_000;
    /** Compiled code, and what the allocator of the C library keeps. */
    private static final long MORE_MEMORY_KB = 20_000;

    /** Of each generation, in the answer of jcmd. */
    private static final Pattern USED = Pattern.compile("(?:generation|heap) .* used (\\d+)K");

    private record Size(int threads, int descriptors, long heapKb, long memoryKb) {

        static Size of(HostProcess process) {
            Programs.run("jcmd", String.valueOf(process.pid()), "GC.run");
            long heap = USED.matcher(Programs.run("jcmd", String.valueOf(process.pid()), "GC.heap_info"))
                    .results()
                    .mapToLong(used -> Long.parseLong(used.group(1)))
                    .sum();
            return new Size(process.threads().size(), process.descriptors().size(), heap, process.proportionalMemory());
        }
    }

    @Test
    void growsInNothingOverManyContainers(AgentClient client, LiveAgent agent) {
        HostProcess process = new HostProcess(agent.pid());
        cycles(client, agent, WARM_UP);
        HostSnapshot host = HostSnapshot.take(agent.directory());
        Size before = Size.of(process);

        cycles(client, agent, CYCLES);

        // mounts, cgroups, processes, journals and all other files of the agent
        host.assertRestored();
        Size after = Size.of(process);
        System.out.println(CYCLES + " cycles: " + before + ", then " + after);
        // a pool may have one thread more or less at any moment, not one for each container
        assertThat(after.threads()).isLessThanOrEqualTo(before.threads() + 3);
        assertThat(after.descriptors()).isLessThanOrEqualTo(before.descriptors() + 3);
        assertThat(before.heapKb()).isPositive();
        assertThat(after.heapKb()).isLessThan(before.heapKb() + MORE_HEAP_KB);
        assertThat(after.memoryKb()).isLessThan(before.memoryKb() + MORE_MEMORY_KB);
    }

    private static void cycles(AgentClient client, LiveAgent agent, int count) {
        for (int i = 0; i < count; i++) {
            int id = client.create(i % 2 == 0 ? AgentClient.NO_BUFFER : AgentClient.BUFFER);
            client.setCapabilities(id, TestManifests.GREETING);
            client.bindMount(id, agent.data(), "/opt/app", i % 3 == 0);
            Execution run = client.execute(id, "/bin/true", "/", Path.of(""), Map.of());
            assertThat(run.status()).isZero();
            client.execute(id, "/bin/sleep 1000", "/", Path.of(""), Map.of());
            client.destroy(id);
            client.forgetEnds();
        }
    }
}
