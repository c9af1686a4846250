package com.pelagicore.softwarecontainer.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.pelagicore.softwarecontainer.config.Recovery;
import com.pelagicore.softwarecontainer.system.AgentClient.Execution;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The agent is asked to end. */
@SystemTest
final class StopIT {

    @TempDir
    private Path host;

    @AfterEach
    void configureAsUsual(LiveAgent agent) {
        agent.withoutConfiguration("on-stop");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT", "HUP"})
    void leavesContainersToTheNextAgent(String signal, AgentClient client, LiveAgent agent) {
        startWith(agent, "keep");
        try (AgentClient current = agent.connect()) {
            int id = current.create(AgentClient.BUFFER);
            current.bindMount(id, host, "/app", false);
            current.shell(id, "echo saved > /app/new");
            Execution run = background(current, id);
            HostProcess sleep = HostProcess.running(run, "/bin/sleep");

            Programs.run("kill", "-" + signal, String.valueOf(agent.pid()));

            assertThat(agent.awaitExit()).isZero();
            assertThat(sleep.isAlive()).isTrue();
            assertThat(agent.log()).contains("1 containers go on");
            assertThat(host).isEmptyDirectory();
            agent.restart(Recovery.ADOPT);
            try (AgentClient next = agent.connect()) {
                assertThat(next.list()).containsExactly(id);
                sleep.terminate();
                assertThat(next.awaitEnd(id, run.pid())).isEqualTo(15);
                next.destroy(id);
                assertThat(host.resolve("new")).hasContent("saved");
            }
        }
    }

    @Test
    void destroysAllIfItIsTold(AgentClient client, LiveAgent agent) {
        startWith(agent, "destroy");
        HostSnapshot before = HostSnapshot.take(agent.directory().resolve("state"));
        List<HostProcess> inits = new ArrayList<>();
        try (AgentClient current = agent.connect()) {
            for (int i = 0; i < 5; i++) {
                int id = current.create(AgentClient.BUFFER);
                current.setCapabilities(id, TestManifests.GREETING);
                inits.add(HostProcess.running(background(current, id), "/bin/sleep")
                        .init());
            }
            int id = current.create(AgentClient.BUFFER);
            current.bindMount(id, host, "/app", false);
            current.shell(id, "echo saved > /app/new");
            current.suspend(id);

            assertThat(agent.stop()).isZero();
        }

        assertThat(inits).noneMatch(HostProcess::isAlive);
        assertThat(host.resolve("new")).hasContent("saved");
        before.assertRestored();
    }

    /** Whatever was asked for under way is there for the next agent exactly if it was answered so. */
    @Test
    void answersCallsThatAreUnderWay(AgentClient client, LiveAgent agent) {
        startWith(agent, "keep");
        Set<Integer> answered = new TreeSet<>();
        try (AgentClient current = agent.connect()) {
            List<CompletableFuture<List<Object>>> calls = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                calls.add(current.send("Create", "s", AgentClient.NO_BUFFER));
            }
            Deadlines.get(calls.get(0));

            assertThat(agent.stop()).isZero();

            for (CompletableFuture<List<Object>> call : calls) {
                if (Deadlines.succeeds(call)) {
                    answered.add((Integer) call.join().get(0));
                }
            }
        }
        assertThat(answered).isNotEmpty();
        agent.restart(Recovery.ADOPT);
        try (AgentClient next = agent.connect()) {
            assertThat(next.list()).containsExactlyElementsOf(answered);
            next.list().forEach(id -> assertThat(next.shell(id, "echo well")).isEqualTo("well"));
        }
    }

    /** What cannot go on is put away in good order while there is time. */
    @ParameterizedTest
    @ValueSource(strings = {"stopping", "running"})
    void destroysAllWhenTheHostGoesDown(String hostState, AgentClient client, LiveAgent agent) {
        startWith(agent, "keep");
        try (DbusHost.Program manager = DbusHost.program(agent.bus(), "service_manager.py", hostState);
                AgentClient current = agent.connect()) {
            assertThat(manager.line()).isEqualTo("ready");
            HostProcess init = HostProcess.running(background(current, current.create()), "/bin/sleep")
                    .init();

            assertThat(agent.stop()).isZero();

            assertThat(init.isAlive()).isEqualTo(hostState.equals("running"));
        }
    }

    /** LXC waits for the container's monitor, which does not move; whoever asks twice wants no order but an end. */
    @Test
    void endsAtOnceWhenItIsAskedTwice(AgentClient client, LiveAgent agent) {
        startWith(agent, "destroy");
        try (AgentClient current = agent.connect()) {
            int id = current.create(AgentClient.BUFFER);
            current.bindMount(id, host, "/app", false);
            current.shell(id, "echo saved > /app/new");
            HostProcess monitor = new HostProcess(HostProcess.running(background(current, id), "/bin/sleep")
                    .init()
                    .parent());
            Programs.run("kill", "-STOP", String.valueOf(monitor.pid()));

            Programs.run("kill", String.valueOf(agent.pid()));
            Deadlines.await(() -> agent.log().contains("stopping"));
            Programs.run("kill", String.valueOf(agent.pid()));

            assertThat(agent.awaitExit()).isEqualTo(1);
            assertThat(agent.log()).contains("stopping at once");
            Programs.run("kill", "-CONT", String.valueOf(monitor.pid()));
        }
        agent.restart(Recovery.ADOPT);
        try (AgentClient next = agent.connect()) {
            // if its end had not even begun, it goes on
            next.list().forEach(next::destroy);
        }
        assertThat(host.resolve("new")).hasContent("saved");
    }

    private static void startWith(LiveAgent agent, String onStop) {
        agent.stop();
        agent.configure("on-stop", onStop);
        agent.restart(Recovery.ADOPT);
    }

    private static Execution background(AgentClient client, int id) {
        return client.execute(id, "/bin/sleep 1000", "/", Path.of(""), Map.of());
    }
}
