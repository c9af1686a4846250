package com.pelagicore.softwarecontainer.system;

import static com.pelagicore.softwarecontainer.system.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.pelagicore.softwarecontainer.system.AgentClient.Execution;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a program finds when it starts in a container, and what becomes of it. */
@SystemTest
final class ExecuteIT {

    @TempDir
    private Path scratch;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '#',
            value = {
                "/bin/echo one   two          | one two",
                "/bin/echo 'one   two'        | one   two",
                "/bin/echo \"one 'two'\"      | one 'two'",
                "/bin/echo one\\ \\ two       | one  two",
                "/bin/echo '$HOME' `id` * ~     | $HOME `id` * ~",
                "/bin/echo $HOME              | $HOME",
                "/bin/echo a > /tmp/b         | a > /tmp/b",
                "/bin/echo a''b               | ab",
                "/bin/echo \"\\\"$x\\\\\"     | \"$x\\"
            })
    void splitsTheCommandLineLikeAShellAndExpandsNothing(String commandLine, String output, AgentClient client) {
        Execution run = client.execute(client.create(), commandLine);

        assertThat(run.status()).isZero();
        assertThat(run.output()).isEqualTo(output + "\n");
    }

    @Test
    void searchesTheProgramInTheContainersPath(AgentClient client) {
        int id = client.create();

        assertThat(client.execute(id, "true").status()).isZero();
        assertThat(client.execute(id, "true", "/", Map.of("PATH", "/nowhere")).status())
                .isEqualTo(256);
    }

    @Test
    void returnsThePidThatTheHostSees(AgentClient client) {
        Execution run = client.execute(client.create(), "/bin/sleep 1000");
        HostProcess process = HostProcess.running(run, "/bin/sleep");

        assertThat(process.read("cmdline")).isEqualTo("/bin/sleep\0" + "1000\0");
        assertThat(process.namespace("pid"))
                .isNotEqualTo(new HostProcess(ProcessHandle.current().pid()).namespace("pid"));
        process.kill();
        assertThat(run.status()).isEqualTo(9);
    }

    @Test
    void startsInTheWorkingDirectory(AgentClient client) {
        int id = client.create();

        Execution inUsr = client.execute(id, "/bin/pwd", "/usr", Map.of());
        Execution byDefault = client.execute(id, "/bin/pwd", "", Map.of());

        assertThat(inUsr.status()).isZero();
        assertThat(byDefault.status()).isZero();
        assertThat(inUsr.output()).isEqualTo("/usr\n");
        assertThat(byDefault.output()).isEqualTo("/\n");
    }

    @ParameterizedTest
    @CsvSource({"/no/such/directory", "/etc/passwd", "relative", "/proc/self/fd/3"})
    void startsNothingWithoutAWorkingDirectory(String workingDirectory, AgentClient client) {
        int id = client.create();
        Path output = scratch.resolve("output");

        assertRefused(() -> client.execute(id, "/bin/sleep 1000", workingDirectory, output, Map.of()))
                .contains(workingDirectory);

        assertThat(client.shell(id, "ps")).doesNotContain("sleep");
    }

    @Test
    void writesStdoutAndStderrToAFileThatTheUmaskApplies(AgentClient client) throws IOException {
        Path output = scratch.resolve("output");
        Execution run = client.execute(client.create(), "/bin/sh -c 'echo out; echo err >&2'", "/", output, Map.of());

        assertThat(run.status()).isZero();
        assertThat(run.output()).isEqualTo("out\nerr\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(output)))
                .isEqualTo("rw-r--r--");
    }

    @Test
    void appliesTheUmaskOfTheAgentToOutputFiles(LiveAgent agent) throws IOException {
        agent.stop();
        agent.startWithUmask("027");
        Path output = scratch.resolve("output");
        try (AgentClient client = agent.connect()) {
            client.execute(client.create(), "/bin/true", "/", output, Map.of()).status();
        }
        agent.stop();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(output)))
                .isEqualTo("rw-r-----");
    }

    @Test
    void truncatesAnOutputFileAndKeepsItsMode(AgentClient client) throws IOException {
        Path output = Files.writeString(scratch.resolve("output"), "what was there before");
        Files.setPosixFilePermissions(output, PosixFilePermissions.fromString("rw-rw-rw-"));
        Execution run = client.execute(client.create(), "/bin/echo new", "/", output, Map.of());

        assertThat(run.status()).isZero();
        assertThat(run.output()).isEqualTo("new\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(output)))
                .isEqualTo("rw-rw-rw-");
    }

    @Test
    void writesThroughNoLink(AgentClient client) throws IOException {
        Path precious = Files.writeString(scratch.resolve("precious"), "precious");
        Path link = Files.createSymbolicLink(scratch.resolve("link"), precious);
        int id = client.create();

        assertRefused(() -> client.execute(id, "/bin/echo over", "/", link, Map.of()))
                .contains(link.toString());

        assertThat(precious).hasContent("precious");
    }

    @Test
    void refusesAnOutputFileThatCannotBeOpened(AgentClient client) {
        int id = client.create();

        for (Path file : List.of(scratch, scratch.resolve("missing/output"), Path.of("relative"))) {
            assertRefused(() -> client.execute(id, "/bin/sleep 1000", "/", file, Map.of()))
                    .contains(file.toString());
        }

        assertThat(client.shell(id, "ps")).doesNotContain("sleep");
    }

    @Test
    void discardsTheOutputWithoutAFile(AgentClient client, LiveAgent agent) {
        int id = client.create();

        Execution run = client.execute(id, "/bin/echo lost-and-gone", "/", Path.of(""), Map.of());

        assertThat(run.status()).isZero();
        assertThat(agent.log()).doesNotContain("lost-and-gone\n");
    }

    @Test
    void givesExactlyTheEnvironmentThatWasAskedFor(AgentClient client) {
        int id = client.create();
        client.setCapabilities(id, TestManifests.GREETING);

        Execution run = client.execute(id, "/bin/sleep 1000", "/", Map.of("MINE", "a=b c", "EMPTY", ""));

        Map<String, String> environment = HostProcess.running(run, "/bin/sleep").environment();
        assertThat(environment.get("PATH")).contains("/bin", "/usr/bin");
        assertThat(environment)
                .containsOnlyKeys("PATH", "container", "GREETING", "DEFAULT", "MINE", "EMPTY")
                .containsEntry("container", "lxc")
                .containsEntry("GREETING", "hello")
                .containsEntry("DEFAULT", "yes")
                .containsEntry("MINE", "a=b c")
                .containsEntry("EMPTY", "");
    }

    @Test
    void letsTheCallersEnvironmentWin(AgentClient client) {
        int id = client.create();
        client.setCapabilities(id, TestManifests.GREETING);

        assertThat(client.shell(id, "echo $GREETING", Map.of("GREETING", "other")))
                .isEqualTo("other");
    }

    @Test
    void hasOnlyTheThreeStandardDescriptors(AgentClient client) {
        int id = client.create();
        client.execute(id, "/bin/sleep 1000");

        Execution second = client.execute(id, "/bin/sleep 1000");
        HostProcess process = HostProcess.running(second, "/bin/sleep");

        assertThat(process.descriptors()).containsExactly(0, 1, 2);
        assertThat(client.shell(id, "readlink /proc/self/fd/0")).isEqualTo("/dev/null");
    }

    @Test
    void keepsNoDescriptorOfAnOutputFile(AgentClient client, LiveAgent agent) {
        int id = client.create();
        HostProcess process = new HostProcess(agent.pid());
        client.execute(id, "/bin/true").status();
        int before = process.descriptors().size();

        for (int i = 0; i < 20; i++) {
            client.execute(id, "/bin/true").status();
        }

        assertThat(process.descriptors()).hasSizeLessThanOrEqualTo(before);
    }

    @Test
    void leavesNoZombiesOfOrphansAndChildren(AgentClient client, LiveAgent agent) {
        int id = client.create();
        Execution keeper = client.execute(id, "/bin/sleep 1000");
        String namespace = new HostProcess(keeper.pid()).namespace("pid");

        for (int i = 0; i < 10; i++) {
            client.shell(id, "(/bin/true &); (/bin/true &)");
        }

        // an orphan may die after its parent; one that nobody reaps stays for ever
        Deadlines.await(() -> HostProcess.all()
                .filter(each -> each.namespace("pid").equals(namespace) || each.parent() == agent.pid())
                .noneMatch(each -> each.state() == 'Z'));
        Deadlines.await(() -> client.shell(id, "ps -o stat,comm").lines().noneMatch(line -> line.startsWith("Z")));
    }

    @Test
    void reportsEveryEndOfManyProcessesAtOnce(AgentClient client) {
        int id = client.create();
        List<Execution> runs = IntStream.range(0, 40)
                .mapToObj(i -> client.execute(id, "/bin/sh -c 'exit " + i + "'"))
                .toList();

        for (int i = 0; i < runs.size(); i++) {
            assertThat(runs.get(i).status()).isEqualTo(i * 256);
            assertThat(client.ends(id, runs.get(i).pid())).hasSize(1);
        }
    }

    @Test
    void reportsTheEndOfAllProcessesWhenTheContainerDies(AgentClient client) {
        int id = client.create();
        Execution run = client.execute(id, "/bin/sleep 1000");

        new HostProcess(run.pid()).init().kill();

        assertThat(run.status()).isEqualTo(9);
        assertRefused(() -> client.execute(id, "/bin/true")).contains("SC-" + id);
        assertThat(client.list()).containsExactly(id);
    }
}
