package com.pelagicore.softwarecontainer.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.pelagicore.softwarecontainer.system.CommandTool.Ended;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The command line without a terminal: what it does, prints and exits with; {@link CommandRunIT} has run and exec. */
@SystemTest
final class CommandLineIT {

    @TempDir
    private Path directory;

    private CommandTool tool;

    @BeforeEach
    void makeTool(LiveAgent agent) {
        tool = new CommandTool(agent, directory);
    }

    @Test
    void leadsAContainerThroughItsLife(AgentClient client) throws IOException {
        Files.createDirectories(directory.resolve("data"));

        String id = tool.output(
                "create", "-g", TestManifests.GREETING, "--write-buffer", "memory", "-m", "./data:/data:rw");
        assertThat(client.list()).containsExactly(Integer.valueOf(id));
        assertThat(tool.run("exec", "-w", "/data", id, "sh", "-c", "echo $GREETING >new")
                        .status())
                .isZero();
        assertThat(directory.resolve("data/new")).doesNotExist();
        assertThat(tool.output("suspend", id)).isEmpty();
        assertThat(tool.output("list")).contains("suspended").contains(TestManifests.GREETING);
        assertThat(tool.output("resume", "SC-" + id)).isEmpty();
        assertThat(tool.output("mount", id, "/usr/share:/opt/a", "./data:/opt/b"))
                .isEmpty();
        assertThat(tool.output("grant", id, TestManifests.WRITABLE)).isEmpty();
        assertThat(tool.output("exec", id, "ls", "/opt")).contains("a", "b", "data");
        assertThat(tool.output("destroy", "--grace", "5s", id)).isEmpty();

        assertThat(directory.resolve("data/new")).hasContent("hello");
        assertThat(client.list()).isEmpty();
    }

    @Test
    void answersProgramsInJson(AgentClient client) {
        int id = tool.run("create", "--json", "--grant", TestManifests.GREETING)
                .json()
                .get("id")
                .intValue();
        int pid = client.execute(id, "sleep 1000").pid();

        JsonNode inspected = tool.run("inspect", "--json", String.valueOf(id)).json();
        assertThat(inspected.get("state").stringValue()).isEqualTo("ready");
        assertThat(inspected.at("/processes/0/pid").intValue()).isEqualTo(pid);
        assertThat(inspected.at("/processes/0/arguments/1").stringValue()).isEqualTo("1000");
        assertThat(inspected.at("/usage/tasks").intValue()).isEqualTo(2);
        assertThat(inspected.at("/capabilities/0").stringValue()).isEqualTo(TestManifests.GREETING);
        assertThat(tool.run("list", "--json").json().get(0)).hasSameSizeAs(inspected);
        assertThat(tool.run("capabilities", "--json").json().valueStream().map(JsonNode::stringValue))
                .containsExactlyElementsOf(client.capabilities());
        assertThat(tool.run("--json", "version").json().at("/host/kernel").stringValue())
                .isEqualTo(System.getProperty("os.version"));
        assertThat(tool.run("check", "--json").json().valueStream().map(each -> each.get("verdict")
                        .stringValue()))
                .isSubsetOf("present", "lacking", "missing");
        assertThat(tool.output("inspect", String.valueOf(id)))
                .contains("sleep 1000")
                .contains("State         ready");
    }

    @ParameterizedTest
    @CsvSource({
        "inspect 4711,                  1, there is no container 4711",
        "destroy 4711 4712,             1, there is no container 4712",
        "create -g test.nope,           1, 'test.nope'",
        "create -m ./nothing:/a,        1, does not exist on the host",
        "create --bus-user 4711,        1, user 4711",
        "create --buffer-size 1M,       2, --write-buffer memory",
        "run -g test.nope true,         125, 'test.nope'",
        "exec 4711 true,                125, there is no container 4711",
        "run -w /nowhere true,          125, '/nowhere'",
        "run nosuch,                    127, nosuch: No such file",
        "run /etc/passwd,               126, Permission denied",
        "--address unix:path=/no list,  3, no bus can be reached"
    })
    void saysWhatWentWrongAndLeavesNothing(String arguments, int status, String message, AgentClient client) {
        Ended ended = tool.run(arguments.strip().split(" "));

        assertThat(ended.status()).as(ended.toString()).isEqualTo(status);
        assertThat(ended.error()).startsWith("softwarecontainer: ").contains(message);
        assertThat(ended.output()).isEmpty();
        assertThat(client.list()).isEmpty();
    }

    @Test
    void failsIfItsOutputIsLost() {
        Ended ended = tool.bash("softwarecontainer list --json >/dev/full");

        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.error()).isEqualTo("softwarecontainer: the output cannot be written\n");
    }

    @Test
    void goesOnWithOtherContainersWhenOneCannotBeDestroyed(AgentClient client) {
        int one = client.create();
        int other = client.create();

        Ended ended = tool.run("destroy", String.valueOf(one), "4711", String.valueOf(other));

        assertThat(ended.status()).isEqualTo(1);
        assertThat(client.list()).isEmpty();
    }

    @Test
    void followsEventsUntilItIsInterrupted(AgentClient client) throws Exception {
        Process events = tool.start("events", "--json");
        BufferedReader lines = events.inputReader();
        // the first event that it tells: it follows from now on
        int probe = client.create();
        while (!lines.ready() && events.isAlive()) {
            client.destroy(probe);
            probe = client.create();
        }
        int id = client.create();
        int pid = client.execute(id, "sh -c 'exit 3'").pid();
        client.awaitEnd(id, pid);
        client.destroy(id);

        List<JsonNode> told = lines.lines()
                .map(line -> JsonMapper.shared().readTree(line))
                .filter(event -> event.get("container").intValue() == id)
                .takeWhile(event -> !event.get("event").stringValue().equals("destroyed"))
                .toList();
        events.destroy();

        assertThat(told)
                .extracting(event -> event.get("event").stringValue())
                .containsExactly("created", "started", "exited");
        assertThat(told.get(1).at("/arguments/2").stringValue()).isEqualTo("exit 3");
        assertThat(told.get(2).get("status").intValue()).isEqualTo(3);
        assertThat(told.get(2).get("pid").intValue()).isEqualTo(pid);
        assertThat(Deadlines.get(events.onExit()).exitValue()).isEqualTo(143);
    }
}
