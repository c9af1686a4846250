package com.pelagicore.softwarecontainer.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import com.pelagicore.softwarecontainer.container.ContainerId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LimitReportsTest {

    private static final Logger LOGGER = Logger.getLogger(LimitReports.class.getName());
    private static final ContainerId CONTAINER = new ContainerId(7);

    private final List<String> lines = new ArrayList<>();
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord line) {
            lines.add(line.getLevel() + " " + new SimpleFormatter().formatMessage(line));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };
    private Map<String, Long> usage = Map.of();
    private final LimitReports limits = new LimitReports(container -> usage);

    @BeforeEach
    void listen() {
        LOGGER.addHandler(handler);
    }

    @AfterEach
    void stopListening() {
        LOGGER.removeHandler(handler);
    }

    @Test
    void tellsEachNumberOnce() {
        usage = Map.of("MemoryKills", 2L, "RefusedTasks", 5L);
        limits.look(CONTAINER);
        limits.look(CONTAINER);
        usage = Map.of("MemoryKills", 3L, "RefusedTasks", 5L);
        limits.look(CONTAINER);

        assertThat(lines)
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

        assertThat(lines).hasSize(2);
    }

    @Test
    void remembersAContainerThatChanges() {
        usage = Map.of("MemoryKills", 2L);
        limits.look(CONTAINER);
        limits.forgetIfGone(CONTAINER);
        limits.look(CONTAINER);

        assertThat(lines).hasSize(1);
    }
}
