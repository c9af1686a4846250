package com.pelagicore.softwarecontainer.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.pelagicore.softwarecontainer.system.AgentClient.Execution;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Containers are independent, calls about one of them keep their order, and Destroy works at any moment. */
@SystemTest
final class ConcurrencyIT {

    @Test
    void answersListWhileCreatesRun(AgentClient client, LiveAgent agent) {
        try (AgentClient other = agent.connect()) {
            List<CompletableFuture<List<Object>>> creates = creates(client, 8);

            other.list();

            assertThat(creates).anyMatch(create -> !create.isDone());
            creates.forEach(Deadlines::get);
        }
        assertThat(client.list()).hasSize(8);
    }

    @Test
    void createsEightContainersAtOnce(AgentClient client) {
        List<Integer> ids = creates(client, 8).stream()
                .map(Deadlines::get)
                .map(reply -> (Integer) reply.get(0))
                .toList();

        assertThat(ids).doesNotHaveDuplicates();
        assertThat(client.list()).containsExactlyInAnyOrderElementsOf(ids);
        for (int id : ids) {
            assertThat(client.execute(id, "/bin/true").status()).isZero();
        }
    }

    @Test
    void keepsTheOrderOfCallsAboutOneContainer(AgentClient client) {
        int id = client.create();
        List<CompletableFuture<List<Object>>> calls = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            calls.add(client.send("Suspend", "i", id));
            calls.add(client.send("Resume", "i", id));
        }

        calls.forEach(Deadlines::get);

        assertThat(client.execute(id, "/bin/true").status()).isZero();
    }

    @Test
    void mountsManyDirectoriesIntoOneContainerAtOnce(AgentClient client, LiveAgent agent) {
        int id = client.create();
        List<AgentClient> launchers =
                IntStream.range(0, 4).mapToObj(i -> agent.connect()).toList();
        List<CompletableFuture<List<Object>>> mounts = IntStream.range(0, 32)
                .mapToObj(i -> launchers
                        .get(i % launchers.size())
                        .send("BindMount", "issb", id, agent.data().toString(), "/opt/" + i + "/data", i % 2 == 0))
                .toList();

        mounts.forEach(Deadlines::get);
        launchers.forEach(AgentClient::close);

        assertThat(client.shell(id, "cat /opt/*/data/file.txt | wc -l")).isEqualTo("32");
    }

    @Test
    void runsProcessesOfManyLaunchersInOneContainer(AgentClient client, LiveAgent agent) {
        int id = client.create();
        try (AgentClient other = agent.connect()) {
            List<Execution> runs = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                runs.add((i % 2 == 0 ? client : other).execute(id, "/bin/true"));
            }

            assertThat(runs).allMatch(run -> run.status() == 0);
        }
    }

    @Test
    void goesOnAlthoughALauncherHangsUp(AgentClient client, LiveAgent agent) {
        AgentClient gone = agent.connect();
        List<CompletableFuture<List<Object>>> calls = creates(gone, 4);
        Deadlines.get(calls.get(0));
        gone.close();

        Deadlines.await(() -> client.list().size() == 4);
    }

    @Test
    void destroysARunningContainer(AgentClient client) {
        int id = client.create();
        Execution stubborn = client.execute(id, "/bin/sh -c 'trap \"\" TERM; sleep 1000 & wait'");
        Execution sleeper = client.execute(id, "/bin/sleep 1000");

        client.destroy(id);

        assertThat(stubborn.status()).isEqualTo(9);
        assertThat(sleeper.status()).isEqualTo(9);
        assertThat(new HostProcess(sleeper.pid()).isAlive()).isFalse();
        assertThat(client.list()).isEmpty();
    }

    @Test
    void destroysASuspendedContainer(AgentClient client) {
        int id = client.create(AgentClient.BUFFER);
        Execution sleeper = client.execute(id, "/bin/sleep 1000");
        client.suspend(id);

        client.destroy(id);

        assertThat(sleeper.status()).isEqualTo(9);
        assertThat(client.list()).isEmpty();
    }

    @Test
    void destroysAContainerWhoseInitWasKilled(AgentClient client) {
        int id = client.create(AgentClient.BUFFER);
        Execution sleeper = client.execute(id, "/bin/sleep 1000");
        new HostProcess(sleeper.pid()).init().kill();

        client.destroy(id);

        assertThat(sleeper.status()).isEqualTo(9);
        assertThat(client.list()).isEmpty();
    }

    @Test
    void noticesADeadContainerAndRefusesAllButDestroy(AgentClient client, LiveAgent agent) {
        int id = client.create();
        Execution sleeper = client.execute(id, "/bin/sleep 1000");

        new HostProcess(sleeper.pid()).init().kill();
        sleeper.status();

        String invalid = "Container is invalid SC-" + id;
        // its link may know it first, and says what it knows
        Refusals.assertRefused(() -> client.execute(id, "/bin/true")).startsWith(invalid);
        Refusals.assertRefused(() -> client.suspend(id)).isEqualTo(invalid);
        Refusals.assertRefused(() -> client.resume(id)).isEqualTo(invalid);
        Refusals.assertRefused(() -> client.bindMount(id, agent.data(), "/opt/x", true))
                .isEqualTo(invalid);
        Refusals.assertRefused(() -> client.setCapabilities(id, TestManifests.GREETING))
                .isEqualTo(invalid);
        assertThat(client.list()).containsExactly(id);
        client.destroy(id);
    }

    @RepeatedTest(5)
    void destroysInTheMiddleOfAnExecute(AgentClient client, LiveAgent agent) {
        int id = client.create();
        try (AgentClient other = agent.connect()) {
            List<CompletableFuture<List<Object>>> executes = IntStream.range(0, 10)
                    .mapToObj(i -> client.send("Execute", "isssa{ss}", id, "/bin/sleep 1000", "/", "", Map.of()))
                    .toList();
            other.destroy(id);

            for (CompletableFuture<List<Object>> execute : executes) {
                pidOf(execute).forEach(pid -> assertThat(new HostProcess(pid).isAlive())
                        .isFalse());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void destroysOnceForManyWhoAsk(int delayedBy, AgentClient client, LiveAgent agent) {
        int id = client.create();
        try (AgentClient other = agent.connect()) {
            for (int i = 0; i < delayedBy; i++) {
                client.send("BindMount", "issb", id, agent.data().toString(), "/opt/" + i, true);
            }
            List<CompletableFuture<List<Object>>> destroys = List.of(
                    client.send("Destroy", "i", id), other.send("Destroy", "i", id), client.send("Destroy", "i", id));

            long successes = destroys.stream().filter(Deadlines::succeeds).count();
            assertThat(successes).isEqualTo(1);
        }
    }

    @Test
    void survivesAStormOfCallsAboutFewContainers(AgentClient client, LiveAgent agent) {
        List<Integer> ids = List.of(client.create(), client.create(AgentClient.BUFFER));
        try (AgentClient other = agent.connect()) {
            List<CompletableFuture<?>> calls = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                AgentClient caller = i % 2 == 0 ? client : other;
                int id = ids.get(i / 2 % 2);
                calls.add(
                        switch (i % 6) {
                            case 0 -> caller.send("Suspend", "i", id);
                            case 1 -> caller.send("Resume", "i", id);
                            case 2 -> caller.send("Execute", "isssa{ss}", id, "/bin/true", "/", "", Map.of());
                            case 3 ->
                                caller.send(
                                        "BindMount", "issb", id, agent.data().toString(), "/opt/x" + i, true);
                            case 4 -> caller.send("SetCapabilities", "ias", id, List.of(TestManifests.GREETING));
                            default -> caller.send("List", "");
                        });
            }
            calls.forEach(Deadlines::succeeds);
        }

        for (int id : ids) {
            Deadlines.succeeds(client.send("Resume", "i", id));
            assertThat(client.shell(id, "echo $GREETING; ls -d /opt/x*")).isNotEmpty();
        }
    }

    private static List<CompletableFuture<List<Object>>> creates(AgentClient client, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> client.send("Create", "s", AgentClient.NO_BUFFER))
                .toList();
    }

    /** None if the container was gone already. */
    private static List<Integer> pidOf(CompletableFuture<List<Object>> execute) {
        return Deadlines.get(
                execute.handle((reply, error) -> error == null ? List.of((Integer) reply.get(0)) : List.<Integer>of()));
    }
}
