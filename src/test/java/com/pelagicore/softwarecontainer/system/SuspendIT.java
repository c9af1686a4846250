package com.pelagicore.softwarecontainer.system;

import static com.pelagicore.softwarecontainer.system.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.pelagicore.softwarecontainer.system.AgentClient.Execution;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Suspend and Resume, by the freezer of whichever version of cgroups the host has. */
@SystemTest
final class SuspendIT {

    private static final String BUSY = "/bin/sh -c 'while :; do :; done'";
    private static final String WORK = "i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done; echo done";

    @Test
    void stopsTheProcessesOfOneContainerUntilItIsResumed(AgentClient client) {
        int id = client.create();
        int neighbour = client.create();
        HostProcess busy = HostProcess.running(client.execute(id, BUSY), "/bin/sh");
        Deadlines.await(() -> busy.processorTime() > 0);

        client.suspend(id);
        long used = busy.processorTime();

        assertThat(client.shell(neighbour, WORK)).isEqualTo("done");
        assertThat(busy.processorTime()).isEqualTo(used);

        client.resume(id);

        Deadlines.await(() -> busy.processorTime() > used);
        assertThat(client.shell(id, "echo well")).isEqualTo("well");
    }

    /** The freezer would be waited for without end, and so would Destroy be. */
    @Test
    void givesUpIfAProcessCannotBeFrozenAndLetsTheOthersGoOn(AgentClient client, @TempDir Path directory)
            throws IOException {
        assumeTrue(Files.exists(Path.of("/dev/fuse")), "this kernel has no FUSE");
        int id = client.create();
        Execution busy = client.execute(id, BUSY);
        HostProcess process = HostProcess.running(busy, "/bin/sh");

        try (StuckProcesses stuck = new StuckProcesses(directory)) {
            stuck.join(busy.pid());

            assertRefused(() -> client.suspend(id)).contains("cannot all be frozen within 5 s");

            long used = process.processorTime();
            Deadlines.await(() -> process.processorTime() > used);
            assertThat(client.shell(id, "echo well")).isEqualTo("well");
        }
        client.suspend(id);
        client.destroy(id);
        assertThat(client.list()).doesNotContain(id);
    }

    @Test
    void doesNotKeepASuspendedContainerFromBeingDestroyed(AgentClient client) {
        int id = client.create();
        Execution busy = client.execute(id, BUSY);
        client.suspend(id);

        client.destroy(id);

        assertThat(client.list()).doesNotContain(id);
        assertThat(new HostProcess(busy.pid()).isAlive()).isFalse();
    }
}
