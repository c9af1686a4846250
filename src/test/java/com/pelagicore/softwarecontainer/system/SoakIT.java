package com.pelagicore.softwarecontainer.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.pelagicore.softwarecontainer.system.AgentClient.Execution;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Nothing grows with the number of containers that were. */
@SystemTest
final class SoakIT {

    private static final int WARM_UP = 10;
    private static final int CYCLES = 40;

    @Test
    void growsInNothingOverManyContainers(AgentClient client, LiveAgent agent) {
        HostProcess process = new HostProcess(agent.pid());
        cycles(client, agent, WARM_UP);
        HostSnapshot before = HostSnapshot.take(agent.directory());
        int descriptors = process.descriptors().size();
        int threads = process.threads().size();

        cycles(client, agent, CYCLES);

        before.assertRestored();
        // a pool may have one thread more or less at any moment, not one for each container
        assertThat(process.threads().size()).isLessThanOrEqualTo(threads + 3);
        assertThat(process.descriptors().size()).isLessThanOrEqualTo(descriptors + 3);
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
        }
    }
}
