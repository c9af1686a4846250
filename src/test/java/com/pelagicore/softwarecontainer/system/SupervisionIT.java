package com.pelagicore.softwarecontainer.system;

import static com.pelagicore.softwarecontainer.system.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.pelagicore.softwarecontainer.linux.DatagramReceiver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The agent and the one who started it and watches it; sd_notify(3). */
@SystemTest
final class SupervisionIT {

    private static final Duration WATCHDOG = Duration.ofSeconds(2);

    private DatagramReceiver manager;

    @BeforeEach
    void listen(LiveAgent agent) {
        Path socket = agent.directory().resolve("notify");
        manager = DatagramReceiver.at(socket);
        agent.stop();
        agent.runBy(List.of("env", "NOTIFY_SOCKET=" + socket, "WATCHDOG_USEC=" + WATCHDOG.toNanos() / 1000));
    }

    @AfterEach
    void forget(LiveAgent agent) throws IOException {
        manager.close();
        agent.runBy(List.of());
        if (agent.isRunning()) {
            agent.stop();
        }
        Files.delete(agent.directory().resolve("notify"));
    }

    @Test
    void saysWhenItIsReadyAndWhenItStops(LiveAgent agent) {
        agent.start();

        assertThat(manager.text()).matches("READY=1\nSTATUS=ready, [0-9]+ capabilities");
        assertThat(agent.stop()).isZero();
        assertThat(nextOtherThanLife()).isEqualTo("STOPPING=1\nSTATUS=stopping\nEXTEND_TIMEOUT_USEC=61000000");
    }

    @Test
    void saysWhyItCannotStart(LiveAgent agent) {
        LiveAgent.Ended ended = agent.startAndAwaitEnd("-m", "/nowhere");

        assertThat(ended.status()).isEqualTo(1);
        assertThat(manager.text()).startsWith("STATUS=").contains("/nowhere");
    }

    @Test
    void givesSignsOfLifeOnlyWhileCallsAreAnswered(LiveAgent agent) {
        agent.start();
        assertThat(nextOtherThanLife()).startsWith("READY=1");
        assertThat(manager.text()).isEqualTo("WATCHDOG=1");
        assertThat(manager.text()).isEqualTo("WATCHDOG=1");

        Programs.run("kill", "-STOP", Long.toString(agent.bus().pid()));
        try {
            // one may have been under way
            int signs = 0;
            while (signs < 3 && manager.next(WATCHDOG).isPresent()) {
                signs++;
            }
            assertThat(signs).isLessThan(2);
            assertThat(agent.isRunning()).isTrue();
        } finally {
            Programs.run("kill", "-CONT", Long.toString(agent.bus().pid()));
        }
        assertThat(manager.text()).isEqualTo("WATCHDOG=1");
    }

    @Test
    void keepsTheSocketToItself(LiveAgent agent) {
        agent.start();
        try (AgentClient caller = agent.connect()) {
            int id = caller.create();

            HostProcess sleep = HostProcess.running(caller.execute(id, "/bin/sleep 1000"), "/bin/sleep");

            assertThat(sleep.environment()).doesNotContainKeys("NOTIFY_SOCKET", "WATCHDOG_USEC");
            assertThat(sleep.init().environment()).doesNotContainKeys("NOTIFY_SOCKET", "WATCHDOG_USEC");
        }
    }

    @Test
    void logsMoreWhenItIsTold(LiveAgent agent) {
        agent.start();
        String properties = "/org/freedesktop/LogControl1 org.freedesktop.LogControl1 LogLevel";

        assertThat(busctl(agent, "get-property " + AgentClient.NAME + " " + properties))
                .isEqualTo("s \"info\"\n");
        busctl(agent, "set-property " + AgentClient.NAME + " " + properties + " s debug");

        assertThat(busctl(agent, "get-property " + AgentClient.NAME + " " + properties))
                .isEqualTo("s \"debug\"\n");
        try (AgentClient caller = agent.connect()) {
            assertRefused(() -> caller.destroy(4711)).contains("4711");
        }
        assertThat(agent.log()).contains(" debug ");
    }

    private static String busctl(LiveAgent agent, String arguments) {
        return Programs.run(
                "sh", "-c", "busctl --address=\"$0\" " + arguments, agent.bus().address());
    }

    private String nextOtherThanLife() {
        String text = manager.text();
        while (text.equals("WATCHDOG=1")) {
            text = manager.text();
        }
        return text;
    }
}
