package com.pelagicore.softwarecontainer.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.pelagicore.softwarecontainer.system.AgentClient.Execution;
import com.pelagicore.softwarecontainer.system.BusMessage.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Somebody takes all that he can get, and others go on: attacks A26, A27 and A28 of docs/security.md. The bounds would
 * tell a stall on a busy machine; {@code bin/bench flood} measures on an idle one.
 */
@SystemTest
final class LoadIT {

    /** In which a well-behaved client calls List and Execute. */
    private static final int ROUNDS = 30;

    private static final Duration LONGEST = Duration.ofSeconds(5);
    /** Of who floods. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final long MORE_MEMORY_KB = 80_000;
    private static final int SIGKILL = 9;
    private static final String CONTAINER = "com.pelagicore.SoftwareContainer.Container1";

    private static OtherUser bob;
    private HostProcess process;
    private long memory;
    private int descriptors;

    @BeforeAll
    static void limitContainers(LiveAgent agent) throws IOException {
        Files.writeString(
                agent.manifests().resolve("load.json"),
                """
                {"capabilities": [{"name": "load.limited", "gateways": [{"id": "cgroups", "config": [
                  {"setting": "memory.max", "value": "32M"}, {"setting": "memory.swap.max", "value": "0"},
                  {"setting": "pids.max", "value": "64"}]}]}]}
                """);
        agent.stop();
        agent.start();
        bob = OtherUser.member(agent, OtherUser.BOB);
    }

    @AfterAll
    static void endBob() {
        bob.close();
    }

    @BeforeEach
    void look(LiveAgent agent) {
        process = new HostProcess(agent.pid());
        memory = process.proportionalMemory();
        descriptors = process.descriptors().size();
    }

    private enum Flood {
        /** As many as the agent takes, on connections that each await as many answers as a bus lets them. */
        CALLS(40, client -> awaitAll(client, 128, "List", "")),
        CREATES(10, client -> awaitAll(client, 100, "Create", "s", "[")),
        ENDS_WITHOUT_READING(100, client -> {
            for (int i = 0; i < 20; i++) {
                client.send("List", "");
            }
        }),
        LARGE_MESSAGES(4, client -> awaitAll(client, 3, "Create", "s", "x".repeat(20_000_000))),
        MESSAGES_BELOW_THE_LIMIT(10, client -> awaitAll(client, 10, "Create", "s", "[" + "{\"a\":".repeat(150_000))),
        UNKNOWN_METHODS(20, client -> awaitAll(client, 128, "No".repeat(100), ""));

        private final int connections;
        private final Consumer<AgentClient> attack;

        Flood(int connections, Consumer<AgentClient> attack) {
            this.connections = connections;
            this.attack = attack;
        }

        /** Whatever is answered; some never are (docs/adr/0031). */
        private static void awaitAll(AgentClient client, int count, String member, String signature, Object... values) {
            List<CompletableFuture<?>> all = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                all.add(client.send(member, signature, values));
            }
            all.forEach(call -> call.orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
            all.forEach(Deadlines::succeeds);
        }
    }

    @ParameterizedTest
    @EnumSource(Flood.class)
    void floodsOfAUserStopNoOther(Flood flood, LiveAgent agent, AgentClient client) {
        List<CompletableFuture<?>> attacks = new ArrayList<>();
        int id = client.create();
        for (int i = 0; i < flood.connections; i++) {
            attacks.add(CompletableFuture.runAsync(
                    () -> {
                        try (AgentClient ofBob = bob.connect()) {
                            flood.attack.accept(ofBob);
                        }
                    },
                    LoadIT::startDaemon));
        }

        assertServes(client, id);
        attacks.forEach(attack -> assertThat(Deadlines.succeeds(attack)).isTrue());
        client.destroy(id);

        assertSmall(agent);
    }

    @Test
    void aForkBombHarmsOnlyItsContainer(LiveAgent agent, AgentClient client) {
        int guilty = limited(client);
        int neighbour = client.create();
        client.execute(guilty, "/bin/sh -c 'bomb() { bomb | bomb & }; bomb; sleep 1000'");
        Deadlines.await(() -> usage(client, guilty, "RefusedTasks") > 0);

        assertServes(client, neighbour);
        assertThat(usage(client, guilty, "Tasks")).isLessThanOrEqualTo(64);
        assertThat(usage(client, neighbour, "RefusedTasks")).isZero();
        client.destroy(guilty);
        client.destroy(neighbour);

        assertSmall(agent);
    }

    @Test
    void aMemoryHogHarmsOnlyItsContainerAndIsReported(LiveAgent agent, AgentClient client) {
        int guilty = limited(client);
        int neighbour = client.create();
        Execution modest = client.execute(neighbour, "/bin/sleep 1000");
        Execution hog = client.execute(guilty, "/bin/sh -c 'while true; do tail /dev/zero; done'");
        Deadlines.await(() -> usage(client, guilty, "MemoryKills") > 2);

        assertServes(client, neighbour);
        assertThat(client.execute(guilty, "/bin/tail /dev/zero").status() & 0x7f)
                .isEqualTo(SIGKILL);
        assertThat(new HostProcess(modest.pid()).isAlive()).isTrue();
        assertThat(new HostProcess(hog.pid()).isAlive()).isTrue();
        assertThat(usage(client, neighbour, "MemoryKills")).isZero();
        client.destroy(guilty);
        client.destroy(neighbour);

        assertThat(agent.log()).contains("the limit of memory is reached, processes killed: ");
        assertSmall(agent);
    }

    @Test
    void aFullWriteBufferHarmsOnlyItsContainer(LiveAgent agent, AgentClient client) {
        int guilty = client.create("[{\"writeBufferEnabled\": true, \"temporaryFileSystemWriteBufferEnabled\": true,"
                + " \"temporaryFileSystemSize\": 1048576}]");
        int neighbour = client.create(AgentClient.BUFFER);

        assertThat(client.shell(guilty, "cat /dev/zero > /full 2>/dev/null || echo no more"))
                .isEqualTo("no more");
        client.execute(guilty, "/bin/sh -c 'while true; do cat /dev/zero > /full; done'");

        assertServes(client, neighbour);
        assertThat(client.shell(neighbour, "echo x > /file && cat /file")).isEqualTo("x");
        assertThat(client.execute(guilty, "/bin/true").status()).isZero();
        client.destroy(guilty);
        client.destroy(neighbour);

        assertSmall(agent);
    }

    /** A client that asks for little gets it in time. */
    private static void assertServes(AgentClient client, int container) {
        List<Long> lists = new ArrayList<>();
        List<Long> executions = new ArrayList<>();
        for (int i = 0; i < ROUNDS; i++) {
            lists.add(millis(() -> assertThat(client.list()).contains(container)));
            executions.add(millis(() -> client.execute(container, "/bin/true", "/", Path.of(""), Map.of())));
        }
        assertThat(lists).as("List, in ms").allMatch(millis -> millis < LONGEST.toMillis());
        assertThat(executions).as("Execute, in ms").allMatch(millis -> millis < LONGEST.toMillis());
    }

    private static long millis(Runnable call) {
        long start = System.nanoTime();
        call.run();
        return Duration.ofNanos(System.nanoTime() - start).toMillis();
    }

    private void assertSmall(LiveAgent agent) {
        assertThat(agent.pid()).isEqualTo(process.pid());
        Deadlines.await(() -> process.descriptors().size() <= descriptors + 3);
        assertThat(process.proportionalMemory()).isLessThan(memory + MORE_MEMORY_KB);
    }

    private static int limited(AgentClient client) {
        int id = client.create();
        client.setCapabilities(id, "load.limited");
        return id;
    }

    private static long usage(AgentClient client, int container, String counter) {
        Target get = new Target(
                "/com/pelagicore/SoftwareContainer/container/" + container, "org.freedesktop.DBus.Properties", "Get");
        Map<?, ?> usage = (Map<?, ?>) client.bus()
                .call(AgentClient.NAME, get, "ss", CONTAINER, "Usage")
                .get(0);
        return ((Number) usage.get(counter)).longValue();
    }

    private static void startDaemon(Runnable task) {
        Thread thread = new Thread(task, "flood");
        thread.setDaemon(true);
        thread.start();
    }
}
