package com.pelagicore.softwarecontainer.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.pelagicore.softwarecontainer.config.Recovery;
import com.pelagicore.softwarecontainer.system.AgentClient.Execution;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an agent that was killed leaves behind, the next one removes; nothing else. */
@SystemTest
final class RecoveryIT {

    @TempDir
    private Path host;

    @Test
    void leavesTheHostAsItWasAfterACrash(AgentClient client, LiveAgent agent) {
        HostSnapshot before = HostSnapshot.take(agent.directory());
        Execution run = client.execute(client.create(), "/bin/sleep 1000", "/", Path.of(""), Map.of());
        client.suspend(client.create());
        int granted = client.create(AgentClient.BUFFER);
        client.setCapabilities(granted, TestManifests.GREETING);
        client.bindMount(granted, host, "/opt/app", false);

        agent.crash();
        agent.restart(Recovery.DESTROY);

        before.assertRestored();
        new HostProcess(run.pid()).awaitEnd();
        try (AgentClient next = agent.connect()) {
            assertThat(next.list()).isEmpty();
            assertThat(next.execute(next.create(), "/bin/true").status()).isZero();
        }
    }

    @Test
    void writesBuffersOfACrashedAgentBack(AgentClient client, LiveAgent agent) {
        int id = client.create(AgentClient.BUFFER);
        client.bindMount(id, host, "/app", false);
        client.shell(id, "echo saved > /app/new");

        agent.crash();
        agent.restart(Recovery.DESTROY);

        assertThat(host.resolve("new")).hasContent("saved");
    }

    @Test
    void leavesTheHostAsItWasAfterCrashesInTheMiddleOfCalls(AgentClient client, LiveAgent agent) {
        HostSnapshot before = HostSnapshot.take(agent.directory());
        AgentClient current = client;
        for (int finished = 0; finished < 4; finished++) {
            int id = current.create();
            List<CompletableFuture<List<Object>>> calls = new ArrayList<>();
            calls.add(current.send("List", ""));
            calls.add(current.send("BindMount", "issb", id, host.toString(), "/opt/app", true));
            for (int i = 0; i < 4; i++) {
                calls.add(current.send("Create", "s", AgentClient.BUFFER));
            }
            calls.add(current.send("Destroy", "i", id));
            Deadlines.succeeds(calls.get(finished));

            agent.crash();
            agent.restart(Recovery.DESTROY);

            before.assertRestored();
            current.close();
            current = agent.connect();
        }
        current.close();
    }

    @Test
    void toleratesACrashDuringRecovery(AgentClient client, LiveAgent agent) {
        HostSnapshot before = HostSnapshot.take(agent.directory());
        for (int i = 0; i < 4; i++) {
            client.create();
        }
        agent.crash();

        agent.restart(Recovery.DESTROY);
        agent.crash();
        agent.restart(Recovery.DESTROY);

        before.assertRestored();
    }

    @Test
    void leavesContainersOfOthersAlone(AgentClient client, LiveAgent agent) throws IOException {
        try (ForeignContainer named = ForeignContainer.start(agent.lxcPath(), "SC-foo");
                ForeignContainer numbered = ForeignContainer.start(agent.lxcPath(), "SC-7")) {
            client.create();

            agent.crash();
            agent.restart(Recovery.DESTROY);

            assertThat(named.isRunning()).isTrue();
            assertThat(numbered.isRunning()).isTrue();
            assertThat(numbered.config()).exists();
            try (AgentClient next = agent.connect()) {
                assertThat(next.list()).isEmpty();
            }
        }
    }

    @Test
    void doesNotTakeTheNameOfAContainerOfOthers(AgentClient client, LiveAgent agent) throws IOException {
        int id = client.create();
        client.destroy(id);
        try (ForeignContainer foreign = ForeignContainer.start(agent.lxcPath(), "SC-" + id)) {
            try {
                assertThat(client.create()).isNotEqualTo(id);
            } catch (BusError refused) {
                assertThat(refused).hasMessageContaining("SC-" + id);
            }

            assertThat(foreign.isRunning()).isTrue();
            assertThat(Files.readString(foreign.config())).contains("of somebody else");
        }
    }

    @Test
    void putsAJournalAsideThatItCannotRead(AgentClient client, LiveAgent agent) throws IOException {
        client.create();
        agent.crash();
        Path journals = agent.directory().resolve("state/journals");
        assertThat(journals).isNotEmptyDirectory();
        Files.writeString(journals.resolve("SC-99"), "{\"this is\": no journal\n");

        agent.restart(Recovery.DESTROY);

        try (AgentClient next = agent.connect()) {
            assertThat(next.list()).isEmpty();
        }
        assertThat(agent.log()).contains("SC-99");
        try (Stream<Path> left = Files.list(journals)) {
            List<Path> aside = left.toList();
            assertThat(aside).hasSize(1).first().asString().contains("SC-99.");
            Files.delete(aside.get(0));
        }
    }
}
