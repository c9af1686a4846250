package com.pelagicore.softwarecontainer.system;

import static com.pelagicore.softwarecontainer.system.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Output files that a user who is not root names: attack A41 of docs/security.md. */
@SystemTest
final class OutputOfUsersIT {

    private OtherUser bob;
    private AgentClient ofBob;
    private int container;
    private Path ofRoot;

    @BeforeEach
    void makeContainer(LiveAgent agent) throws IOException {
        bob = OtherUser.member(agent, OtherUser.BOB);
        ofBob = bob.connect();
        container = ofBob.create();
        ofRoot = Files.createDirectory(agent.directory().resolve("of-root"));
        Files.setPosixFilePermissions(ofRoot, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.writeString(ofRoot.resolve("file"), "precious");
    }

    @AfterEach
    void removeContainer() {
        ofBob.destroy(container);
        ofBob.close();
        bob.close();
        assertThat(ofRoot.resolve("file")).hasContent("precious");
        Trees.delete(ofRoot);
    }

    @Test
    void aFileOfRootsIsNeitherMadeNorTruncated() {
        assertOutputRefused(ofRoot.resolve("file")).endsWith("EACCES");
        assertOutputRefused(ofRoot.resolve("new")).endsWith("EACCES");
        assertThat(ofRoot.resolve("new")).doesNotExist();
    }

    @Test
    void noLinkIsFollowedAtTheEnd() throws IOException {
        Path link = bob.home().resolve("link");
        Files.createSymbolicLink(link, ofRoot.resolve("file"));

        assertOutputRefused(link).endsWith("it is a symbolic link");
    }

    @Test
    void aDirectoryOnTheWayCannotBeExchangedForOneOfRoots() throws IOException {
        Path own = Files.createDirectory(bob.home().resolve("a"));
        bob.giveTo(own);
        Files.createSymbolicLink(bob.home().resolve("b"), ofRoot);
        Process exchange = bob.run("/usr/bin/python3", "-c", Exchange.PROGRAM, own.toString(), bob.home() + "/b");
        int written = 0;
        try {
            for (int i = 0; i < 100; i++) {
                try {
                    ofBob.execute(container, "/bin/echo bad", "/", own.resolve("file"), Map.of())
                            .status();
                    written++;
                } catch (BusError refused) {
                    assertThat(refused.getMessage()).contains("cannot be opened");
                }
            }
        } finally {
            exchange.destroyForcibly().onExit().join();
        }

        assertThat(written).isPositive();
    }

    /** To the kernel it is the agent that opens them. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/proc/sys/kernel/core_pattern",
                "/proc/self/oom_score_adj",
                "/proc/thread-self/oom_score_adj",
                "/proc/thread-self/mem",
                "/proc/self/fd/1",
                "/proc/self/cwd/x",
                "/proc/self/root/etc/x",
                "/sys/kernel/mm/transparent_hugepage/enabled",
                "/etc/passwd",
                "/dev/mem"
            })
    void nothingOfTheAgentsOrTheKernelsIsOpened(String path) {
        assertOutputRefused(Path.of(path)).isNotBlank();
    }

    @Test
    void aFifoThatNobodyReadsIsAnErrorAndNoWait() throws IOException {
        Path fifo = bob.home().resolve("fifo");
        Programs.run("mkfifo", fifo.toString());
        bob.giveTo(fifo);

        assertOutputRefused(fifo).endsWith("ENXIO");
    }

    @Test
    void aFullDeviceHurtsTheProcessOnly() {
        AgentClient.Execution run = ofBob.execute(container, "/bin/echo x", "/", Path.of("/dev/full"), Map.of());

        assertThat(run.status()).isEqualTo(256);
        assertThat(ofBob.shell(container, "echo on")).isEqualTo("on");
    }

    @Test
    void aFileThatWasMadeForAProcessThatCannotStartIsRemoved() throws IOException {
        Path made = bob.home().resolve("made");
        Path kept = Files.writeString(bob.home().resolve("kept"), "text");
        bob.giveTo(kept);

        for (Path each : new Path[] {made, kept}) {
            assertRefused(() -> ofBob.execute(container, "/bin/true", "/missing", each, Map.of()))
                    .contains("working directory '/missing'");
        }

        assertThat(made).doesNotExist();
        assertThat(kept).hasContent("text");
    }

    @Test
    void noThreadKeepsTheRightsOfAUser(LiveAgent agent) {
        for (int i = 0; i < 20; i++) {
            ofBob.execute(container, "/bin/true").status();
        }

        HostProcess process = new HostProcess(agent.pid());
        Deadlines.await(() -> process.threads().stream()
                .noneMatch(thread -> process.read("task/" + thread + "/comm").startsWith("as-")));
        assertThat(process.threads()).allSatisfy(thread -> assertThat(process.read("task/" + thread + "/status"))
                .containsPattern("Uid:\\s0\\s0\\s0\\s0"));
    }

    private org.assertj.core.api.AbstractStringAssert<?> assertOutputRefused(Path output) {
        return assertRefused(() -> ofBob.execute(container, "/bin/echo bad", "/", output, Map.of()))
                .startsWith("output file '" + output + "' cannot be opened: ");
    }
}
