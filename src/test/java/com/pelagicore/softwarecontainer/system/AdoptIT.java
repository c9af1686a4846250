package com.pelagicore.softwarecontainer.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.pelagicore.softwarecontainer.config.Recovery;
import com.pelagicore.softwarecontainer.system.AgentClient.Execution;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** After a kill -9 the next agent goes on with what runs, as if it had been there all the time. */
@SystemTest
final class AdoptIT {

    private static final int SIGKILL = 9;
    private static final int SIGTERM = 15;
    private static final String EXITS_WITH_42 =
            "/bin/sh -c 'trap \"exit 42\" TERM; echo ready; while :; do sleep 0.1; done'";

    @Test
    void goesOnWithTheSameContainersAndDestroysThemWhenAsked(AgentClient client, LiveAgent agent) {
        HostSnapshot before = HostSnapshot.take(agent.directory());
        int first = client.create();
        int second = client.create(AgentClient.BUFFER);
        client.destroy(first);
        HostProcess init =
                HostProcess.running(background(client, second), "/bin/sleep").init();

        try (AgentClient next = adopt(agent)) {
            assertThat(next.list()).containsExactly(second);
            assertThat(init.isAlive()).isTrue();
            assertThat(next.create()).as("the smallest free id").isEqualTo(first);
            assertThat(next.create()).isEqualTo(second + 1);

            next.list().forEach(next::destroy);
            before.assertRestored();
        }
    }

    @Test
    void reportsTheEndOfAProcessThatGoesOn(AgentClient client, LiveAgent agent) {
        int id = client.create();
        Execution exits = client.execute(id, EXITS_WITH_42);
        Deadlines.await(() -> exits.output().startsWith("ready"));
        Execution killed = client.execute(id, "/bin/sleep 1000");
        HostProcess sleep = HostProcess.running(killed, "/bin/sleep");

        try (AgentClient next = adopt(agent)) {
            assertThat(sleep.isAlive()).isTrue();
            new HostProcess(exits.pid()).terminate();
            sleep.terminate();

            assertThat(next.awaitEnd(id, exits.pid())).isEqualTo(42 << 8);
            assertThat(next.awaitEnd(id, killed.pid())).isEqualTo(SIGTERM);
        }
    }

    @Test
    void reportsTheEndsOfProcessesThatEndedMeanwhile(AgentClient client, LiveAgent agent) {
        int id = client.create();
        Execution exited = client.execute(id, EXITS_WITH_42);
        Deadlines.await(() -> exited.output().startsWith("ready"));
        Execution killed = client.execute(id, "/bin/sleep 1000");
        HostProcess sleep = HostProcess.running(killed, "/bin/sleep");
        Execution running = client.execute(id, "/bin/sleep 2000");
        agent.crash();

        new HostProcess(exited.pid()).terminate();
        sleep.terminate();
        new HostProcess(exited.pid()).awaitEnd();
        sleep.awaitEnd();

        try (AgentClient waiting = agent.connect()) {
            agent.restart(Recovery.ADOPT);
            assertThat(waiting.awaitEnd(id, exited.pid())).isEqualTo(42 << 8);
            assertThat(waiting.awaitEnd(id, killed.pid())).isEqualTo(SIGTERM);
            assertThat(waiting.ends(id, running.pid())).isEmpty();
            // an end is forgotten a moment after it was told; this one waits for that
            waiting.execute(id, "/bin/true").status();
            agent.crash();
        }

        try (AgentClient next = agent.connect()) {
            agent.restart(Recovery.ADOPT);
            assertThat(next.execute(id, "/bin/true").status()).isZero();
            assertThat(next.ends(id, exited.pid())).as("told already").isEmpty();
            assertThat(next.ends(id, killed.pid())).as("told already").isEmpty();
        }
    }

    @Test
    void listsAContainerThatDiedMeanwhileForItsClientToDestroy(AgentClient client, LiveAgent agent) {
        int id = client.create(AgentClient.BUFFER);
        HostProcess init = HostProcess.running(client.execute(id, "/bin/sleep 1000"), "/bin/sleep")
                .init();
        agent.crash();
        init.kill();
        init.awaitEnd();

        agent.restart(Recovery.ADOPT);

        try (AgentClient next = agent.connect()) {
            assertThat(next.list()).containsExactly(id);
            assertThatThrownBy(() -> next.execute(id, "/bin/true"))
                    .hasMessageContaining("Container is invalid SC-" + id);
            next.destroy(id);
            assertThat(next.list()).isEmpty();
        }
    }

    @Test
    void reportsThoseKilledWhoseContainerDiedMeanwhile(AgentClient client, LiveAgent agent) {
        int id = client.create();
        Execution run = client.execute(id, "/bin/sleep 1000");
        assertThat(client.execute(id, "/bin/true").status()).isZero();
        HostProcess init = HostProcess.running(run, "/bin/sleep").init();
        agent.crash();
        init.kill();
        init.awaitEnd();

        try (AgentClient waiting = agent.connect()) {
            agent.restart(Recovery.ADOPT);

            assertThat(waiting.awaitEnd(id, run.pid())).isEqualTo(SIGKILL);
        }
    }

    @Test
    void goesOnWithASuspendedContainer(AgentClient client, LiveAgent agent) {
        int id = client.create();
        Execution exits = client.execute(id, EXITS_WITH_42);
        Deadlines.await(() -> exits.output().startsWith("ready"));
        client.suspend(id);

        for (int i = 0; i < 7; i++) {
            adopt(agent).close();
        }
        try (AgentClient next = agent.connect()) {
            assertThatThrownBy(() -> next.suspend(id)).hasMessageContaining("Invalid to suspend");
            new HostProcess(exits.pid()).terminate();

            next.resume(id);

            assertThat(next.awaitEnd(id, exits.pid())).isEqualTo(42 << 8);
            assertThat(next.shell(id, "echo well")).isEqualTo("well");
        }
    }

    @Test
    void writesABufferBackThatTheEarlierAgentMade(AgentClient client, LiveAgent agent, @TempDir Path host) {
        int id = client.create(AgentClient.BUFFER);
        client.bindMount(id, host, "/app", false);
        client.shell(id, "echo before > /app/before");

        try (AgentClient next = adopt(agent)) {
            next.shell(id, "cat /app/before; echo after > /app/after");
            next.bindMount(id, host, "/more", true);
            assertThat(host).isEmptyDirectory();

            next.destroy(id);

            assertThat(host.resolve("before")).hasContent("before");
            assertThat(host.resolve("after")).hasContent("after");
        }
    }

    @Test
    void startsManyProcessesBesideThoseThatRun(AgentClient client, LiveAgent agent) {
        int id = client.create();
        List<Execution> earlier = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            earlier.add(background(client, id));
        }

        try (AgentClient next = adopt(agent)) {
            assertThat(next.execute(id, "/bin/true").status()).isZero();
            earlier.forEach(run -> new HostProcess(run.pid()).terminate());
            earlier.forEach(run -> assertThat(next.awaitEnd(id, run.pid())).isEqualTo(SIGTERM));
        }
    }

    @Test
    void goesOnOnANewBusAfterTheEarlierOneDied(AgentClient client, LiveAgent agent) {
        int id = client.create();
        Execution run = background(client, id);
        HostProcess sleep = HostProcess.running(run, "/bin/sleep");

        agent.bus().crashAndRestart();

        assertThat(agent.awaitExit()).isEqualTo(2);
        assertThat(sleep.isAlive()).isTrue();
        agent.restart(Recovery.ADOPT);
        try (AgentClient next = agent.connect()) {
            assertThat(next.list()).containsExactly(id);
            sleep.terminate();
            assertThat(next.awaitEnd(id, run.pid())).isEqualTo(SIGTERM);
        }
    }

    private static Execution background(AgentClient client, int id) {
        return client.execute(id, "/bin/sleep 1000", "/", Path.of(""), Map.of());
    }

    private static AgentClient adopt(LiveAgent agent) {
        agent.crash();
        agent.restart(Recovery.ADOPT);
        return agent.connect();
    }
}
