package com.pelagicore.softwarecontainer.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import com.pelagicore.softwarecontainer.LoggedLines;
import com.pelagicore.softwarecontainer.container.ContainerId;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class LimitReportsTest {

    private static final ContainerId CONTAINER = new ContainerId(7);

    @RegisterExtension
    private final LoggedLines lines = new LoggedLines(LimitReports.class);

    private Map<String, Long> usage = Map.of();
    private final LimitReports limits = new LimitReports(container -> usage);

    @Test
    void tellsEachNumberOnce() {
        usage = Map.of("MemoryKills", 2L, "RefusedTasks", 5L);
        limits.look(CONTAINER);
        limits.look(CONTAINER);
        usage = Map.of("MemoryKills", 3L, "RefusedTasks", 5L);
        limits.look(CONTAINER);

        assertThat(lines.all())
                .containsExactly(
                        "WARNING the limit of memory is reached, processes killed: 2",
                        "WARNING the limit of tasks is reached, processes and threads that could not start: 5",
                        "WARNING the limit of memory is reached, processes killed: 1");
    }

    @Test
    void beginsAtZeroForTheNextContainerWithTheSameNumber() {
        usage = Map.of("MemoryKills", 2L);
        limits.look(CONTAINER);
        usage = Map.of();
        limits.forgetIfGone(CONTAINER);
        usage = Map.of("MemoryKills", 2L);
        limits.look(CONTAINER);

        assertThat(lines.all()).hasSize(2);
    }

    @Test
    void remembersAContainerThatChanges() {
        usage = Map.of("MemoryKills", 2L);
        limits.look(CONTAINER);
        limits.forgetIfGone(CONTAINER);
        limits.look(CONTAINER);

        assertThat(lines.all()).hasSize(1);
    }
}
