package com.pelagicore.softwarecontainer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The tool without an agent: help, wrong use, no bus. */
class ToolTest {

    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private final ByteArrayOutputStream error = new ByteArrayOutputStream();
    private final Map<String, String> environment = new HashMap<>();
    private String asked = "";

    @ParameterizedTest
    @ValueSource(strings = {"--help", "-h", "run --help", "list -h", "help", "help run"})
    void helpsAndTeachesWithExamples(String arguments) {
        assertThat(run(arguments)).isZero();
        assertThat(text(output))
                .contains("Usage: softwarecontainer")
                .contains("Examples:")
                .contains("  softwarecontainer ");
        assertThat(text(error)).isEmpty();
    }

    @Test
    void hasExamplesForEachCommandThatFitALineOfEightyCharacters() {
        commands().values().forEach(command -> assertThat(
                        command.getCommandSpec().usageMessage().footer())
                .as(command.getCommandName())
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80)));
    }

    @ParameterizedTest
    @CsvSource({
        "'', 2, which command?",
        "lst, 2, there is no command 'lst'",
        "lst, 2, list",
        "help lst, 2, there is no command 'lst'",
        "list --nope, 2, --nope",
        "list extra, 2, list takes no argument 'extra'",
        "inspect, 2, CONTAINER",
        "inspect x, 2, no number of a container",
        "mount 0, 2, HOST:PATH",
        "mount 0 /a, 2, no mount",
        "destroy, 2, --all",
        "destroy --all 3, 2, not both",
        "create --write-buffer tape, 2, tape",
        "create --buffer-size 1T, 2, no size",
        "create --bus-user 99999999999, 2, no number of a user",
        "create --bus-user root, 2, no number of a user",
        "create --bus-user 0, 2, no number of a user",
        "create --write-buffer tape, 2, '''tape'' is none of none, disk, memory'",
        "create --write-buffer DISK, 2, none of",
        "completion fish, 2, none of bash",
        "run, 125, PROGRAM",
        "run --nope x, 125, --nope",
        "exec 0, 125, PROGRAM",
        "exec -t -T 0 sh, 125, mutually exclusive",
        "--address nonsense list, 2, nonsense",
        "list --session, 2, DBUS_SESSION_BUS_ADDRESS"
    })
    void saysWhatIsWrongWithTheCommandLine(String arguments, int status, String message) {
        assertThat(run(arguments)).isEqualTo(status);
        assertThat(text(error)).startsWith("softwarecontainer: ").contains(message);
        assertThat(text(output)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"list, 3", "run true, 125", "exec 0 true, 125", "events, 3"})
    void saysThatThereIsNoBus(String arguments, int status) {
        assertThat(run(arguments)).isEqualTo(status);
        assertThat(text(error)).isEqualTo("softwarecontainer: no bus can be reached\n");
    }

    @Test
    void takesTheAddressBeforeOrBehindTheCommandOrFromTheEnvironment() {
        run("--address unix:path=/one list");
        assertThat(asked).contains("/one");
        run("list --address unix:path=/two");
        assertThat(asked).contains("/two");
        environment.put("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/three");
        run("list");
        assertThat(asked).contains("/three");
        environment.put("DBUS_SESSION_BUS_ADDRESS", "unix:path=/four");
        run("list --session");
        assertThat(asked).contains("/four");
    }

    @Test
    void showsItsOwnVersionAlsoWithoutAgent() {
        assertThat(run("--version")).isZero();
        assertThat(text(output)).isEqualTo("softwarecontainer 1.2.3\n");
        assertThat(run("version")).isEqualTo(3);
        assertThat(text(output)).endsWith("tool          1.2.3\n");
    }

    @ParameterizedTest
    @CsvSource({"--version, 1", "help run, 1", "run --help, 125"})
    void failsIfItsOutputIsLost(String arguments, int status) {
        OutputStream full = new OutputStream() {
            @Override
            public void write(int octet) throws IOException {
                throw new IOException("No space left on device");
            }
        };

        assertThat(Tool.run(host(full), arguments.split(" "))).isEqualTo(status);
        assertThat(text(error)).isEqualTo("softwarecontainer: the output cannot be written\n");
    }

    @Test
    void isDocumentedInItsManualPage() throws Exception {
        String page = Files.readString(Path.of("docs/man/softwarecontainer.1")).replace("\\-", "-");

        commands().forEach((name, command) -> {
            assertThat(page).containsPattern("(?m)^\\.Ss " + name + "( |$)");
            command.getCommandSpec().options().stream()
                    .filter(option -> !option.hidden())
                    .map(option -> option.longestName().replaceFirst("-", ""))
                    .forEach(option -> assertThat(page).as(name).contains(option));
        });
    }

    private Map<String, CommandLine> commands() {
        Map<String, CommandLine> commands =
                new HashMap<>(Tool.commandLine(host()).getSubcommands());
        commands.remove("completion");
        return commands;
    }

    private int run(String arguments) {
        return Tool.run(host(), arguments.isEmpty() ? new String[0] : arguments.split(" "));
    }

    private ToolHost host() {
        return host(output);
    }

    private ToolHost host(OutputStream written) {
        return new ToolHost(
                new FakeConsole(),
                addresses -> {
                    asked = addresses.toString();
                    throw new SoftwareContainerException(ErrorKind.HOST_REFUSED, "no bus can be reached");
                },
                new PrintStream(written, true, StandardCharsets.UTF_8),
                new PrintStream(error, true, StandardCharsets.UTF_8),
                environment,
                Path.of("/here"),
                "1.2.3");
    }

    private static String text(ByteArrayOutputStream stream) {
        return stream.toString(StandardCharsets.UTF_8);
    }
}
