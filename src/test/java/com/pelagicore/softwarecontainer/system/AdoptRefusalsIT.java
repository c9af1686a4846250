package com.pelagicore.softwarecontainer.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.pelagicore.softwarecontainer.config.Recovery;
import com.pelagicore.softwarecontainer.system.AgentClient.Execution;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the next agent does not take for its own, or not for alive. */
@SystemTest
final class AdoptRefusalsIT {

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"{\"undo\":\"format-disk\"}\n", "{\"commit\":{\"newer\":1}}\n", "no JSON\n"})
    void leavesAContainerAloneWhoseJournalItCannotRead(String line, AgentClient client, LiveAgent agent)
            throws IOException {
        assertLeftAlone(client, agent, journal -> append(journal, line));
    }

    @Test
    void leavesAContainerAloneWhoseJournalIsOfANewerAgent(AgentClient client, LiveAgent agent) throws IOException {
        assertLeftAlone(client, agent, journal -> replace(journal, "{\"format\":3,", "{\"format\":4,"));
    }

    @Test
    void followsNoLinkThatStandsWhereAJournalWas(AgentClient client, LiveAgent agent) throws IOException {
        Path target = Files.writeString(directory.resolve("precious"), "untouched");
        assertLeftAlone(client, agent, journal -> {
            move(journal, directory.resolve("moved"));
            link(journal, target);
        });
        assertThat(target).hasContent("untouched");
    }

    /** In both modes; what it stands for can be taken over when the journal is put right. */
    private void assertLeftAlone(AgentClient client, LiveAgent agent, Consumer<Path> damage) throws IOException {
        int id = client.create();
        Execution run = client.execute(id, "/bin/sleep 1000", "/", Path.of(""), Map.of());
        HostProcess sleep = HostProcess.running(run, "/bin/sleep");
        Path journal = journals(agent).resolve("SC-" + id);
        Path aside = journals(agent).resolve("SC-" + id + ".quarantined");
        agent.crash();
        Path saved = Files.copy(journal, directory.resolve("saved"));
        damage.accept(journal);

        for (Recovery recovery : Recovery.values()) {
            agent.restart(recovery);
            try (AgentClient next = agent.connect()) {
                assertThat(next.list()).isEmpty();
                assertThat(sleep.isAlive()).isTrue();
                assertThat(Files.exists(aside, LinkOption.NOFOLLOW_LINKS)).isTrue();
                int other = next.create();
                assertThat(other).isNotEqualTo(id);
                next.destroy(other);
            }
            agent.crash();
        }

        assertThat(agent.log()).contains("moved to '" + aside + "', what it stands for is left alone");
        Files.delete(aside);
        Files.move(saved, journal);
        agent.restart(Recovery.ADOPT);
        try (AgentClient next = agent.connect()) {
            assertThat(next.list()).containsExactly(id);
        }
    }

    @Test
    void doesNotTakeAContainerOfSomebodyElseForOneOfIts(AgentClient client, LiveAgent agent) throws IOException {
        int id = client.create();
        HostProcess init = HostProcess.running(
                        client.execute(id, "/bin/sleep 1000", "/", Path.of(""), Map.of()), "/bin/sleep")
                .init();
        agent.crash();
        init.kill();
        init.awaitEnd();
        Trees.delete(agent.lxcPath().resolve("SC-" + id));

        try (ForeignContainer foreign = ForeignContainer.start(agent.lxcPath(), "SC-" + id)) {
            agent.restart(Recovery.ADOPT);
            try (AgentClient next = agent.connect()) {
                assertThat(next.list()).containsExactly(id);
                assertThatThrownBy(() -> next.execute(id, "/bin/true")).hasMessageContaining("Container is invalid");
                next.destroy(id);
                assertThat(next.create()).isNotEqualTo(id);
            }

            assertThat(foreign.isRunning()).isTrue();
            assertThat(foreign.config()).content().contains("of somebody else");
        }
    }

    @ParameterizedTest
    @EnumSource(Recovery.class)
    void clearsAwayAfterARebootAndWritesBuffersBack(Recovery recovery, AgentClient client, LiveAgent agent)
            throws IOException {
        HostSnapshot before = HostSnapshot.take(agent.directory());
        Path data = Files.createDirectory(directory.resolve("data"));
        int id = client.create(AgentClient.BUFFER);
        client.bindMount(id, data, "/app", false);
        client.setCapabilities(id, TestManifests.GREETING);
        Execution last = client.execute(id, "/bin/sh -c 'echo saved > /app/new'", "/", Path.of(""), Map.of());
        last.status();
        HostProcess init = HostProcess.running(
                        client.execute(id, "/bin/sleep 1000", "/", Path.of(""), Map.of()), "/bin/sleep")
                .init();
        agent.crash();
        init.kill();
        init.awaitEnd();
        String bootId =
                Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
        replace(journals(agent).resolve("SC-" + id), bootId, "00000000-0000-0000-0000-000000000000");

        agent.restart(recovery);

        assertThat(data.resolve("new")).hasContent("saved");
        before.assertRestored();
        try (AgentClient next = agent.connect()) {
            assertThat(next.list()).isEmpty();
        }
    }

    /** It must not tear down what still runs, nor say that it has ended; once LXC knows it, things take their course. */
    @ParameterizedTest
    @EnumSource(Recovery.class)
    void doesNotRemoveAContainerThatLxcDoesNotKnow(Recovery recovery, AgentClient client, LiveAgent agent) {
        int id = client.create();
        Execution run = client.execute(id, "/bin/sleep 1000", "/", Path.of(""), Map.of());
        HostProcess sleep = HostProcess.running(run, "/bin/sleep");
        agent.crash();

        agent.configure("lxc-path", agent.directory().resolve("elsewhere").toString());
        try (AgentClient waiting = agent.connect()) {
            agent.restart(recovery);
            assertThat(sleep.isAlive()).isTrue();
            assertThat(waiting.ends(id, run.pid())).isEmpty();
            assertThat(agent.log()).contains("was 'lxc-path' changed?");
        } finally {
            agent.configure("lxc-path", agent.lxcPath().toString());
        }

        agent.crash();
        agent.restart(recovery);
        try (AgentClient next = agent.connect()) {
            assertThat(sleep.isAlive()).isEqualTo(recovery == Recovery.ADOPT);
            assertThat(next.list()).hasSize(recovery == Recovery.ADOPT ? 1 : 0);
        }
    }

    private static Path journals(LiveAgent agent) {
        return agent.directory().resolve("state/journals");
    }

    private static void append(Path file, String text) {
        write(() -> Files.writeString(file, text, StandardOpenOption.APPEND));
    }

    private static void replace(Path file, String old, String text) {
        write(() -> {
            assertThat(file).content().contains(old);
            return Files.writeString(file, Files.readString(file).replace(old, text));
        });
    }

    private static void move(Path file, Path target) {
        write(() -> Files.move(file, target));
    }

    private static void link(Path link, Path target) {
        write(() -> Files.createSymbolicLink(link, target));
    }

    private interface Change {
        Path make() throws IOException;
    }

    private static void write(Change change) {
        try {
            change.make();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
