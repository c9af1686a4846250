package com.pelagicore.softwarecontainer.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What {@code completion} prints, tried with the shells themselves. */
class CompletionTest {

    private final ByteArrayOutputStream output = new ByteArrayOutputStream();

    @TempDir
    private Path scratch;

    @ParameterizedTest
    @ValueSource(strings = {"bash", "zsh"})
    void knowsEachCommandAndEachOfItsOptions(String shell) {
        String script = completion(shell);

        for (CommandLine command : commands()) {
            assertThat(script).containsPattern("\\b" + command.getCommandName() + "\\b");
            command.getCommandSpec().options().stream()
                    .flatMap(option -> Arrays.stream(option.names()))
                    .forEach(name -> assertThat(partAbout(command.getCommandName(), script, shell))
                            .as(command.getCommandName())
                            .contains(name));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "cre                            | create",
                "su                             | suspend",
                "run --wri                      | --write-buffer",
                "run --write-buffer             | none disk memory",
                "exec --wor                     | --workdir",
                "destroy --a                    | --address --all"
            })
    void completesInBash(String typed, String expected) throws Exception {
        String line = typed.strip();
        // a blank at the end: the next word begins
        String words = line.endsWith("buffer") ? line + " ''" : line;
        String script = completion("bash") + "compopt() { :; }; COMP_WORDS=(softwarecontainer " + words
                + "); COMP_CWORD=$((${#COMP_WORDS[@]}-1)); _complete_softwarecontainer; printf '%s\\n' \"${COMPREPLY[@]}\"";

        String printed = run("bash", "-c", script);

        assertThat(printed.split("\\s+")).contains(expected.split(" "));
    }

    @Test
    void isAScriptThatZshTakes() throws Exception {
        assumeThat(onPath("zsh")).as("there is no zsh here").isTrue();

        assertThat(run("zsh", "-n", "-c", completion("zsh"))).isEmpty();
    }

    @Test
    void completesInZsh() throws Exception {
        assumeThat(onPath("zsh")).as("there is no zsh here").isTrue();
        Files.writeString(scratch.resolve("_softwarecontainer"), completion("zsh"));

        assertThat(typedIntoZsh("softwarecontainer su\t")).contains("line=[softwarecontainer suspend ]");
        assertThat(typedIntoZsh("softwarecontainer run --wri\t"))
                .contains("line=[softwarecontainer run --write-buffer=]");
        assertThat(typedIntoZsh("softwarecontainer run --write-buffer=d\t"))
                .contains("line=[softwarecontainer run --write-buffer=disk ]");
    }

    /** Types into a zsh at a terminal; what it shows. */
    private String typedIntoZsh(String keys) throws Exception {
        String driver =
                """
                zmodload zsh/zpty
                zpty shell zsh -f -i
                zpty -w shell "fpath=($1 \\$fpath); autoload -U compinit; compinit -u -D"
                zpty -w shell 'show() { print -r -- "line=[$BUFFER]"; zle kill-whole-line }; zle -N show; bindkey ^T show'
                zpty -w shell 'print re""ady'
                zpty -r shell shown '*ready*'
                zpty -w -n shell $2$'\\C-t'
                zpty -r shell shown '*line=*]*'
                print -r -- $shown
                """;
        return run("zsh", "-f", "-c", driver, "zsh", scratch.toString(), keys);
    }

    private String completion(String shell) {
        output.reset();
        assertThat(Tool.run(host(), "completion", shell)).isZero();
        return output.toString(StandardCharsets.UTF_8);
    }

    private static String partAbout(String command, String script, String shell) {
        String start = shell.equals("bash")
                ? "function _picocli_softwarecontainer_" + command + "() {"
                : "\n    " + command + ")\n";
        int begin = script.indexOf(start);
        assertThat(begin).as(start).isNotNegative();
        int end = script.indexOf(shell.equals("bash") ? "\n}\n" : "\n      ;;\n", begin);
        return script.substring(begin, end);
    }

    private List<CommandLine> commands() {
        return Tool.commandLine(host()).getSubcommands().values().stream()
                .filter(command -> !command.getCommandSpec().usageMessage().hidden())
                .toList();
    }

    private ToolHost host() {
        return new ToolHost(
                new FakeConsole(),
                addresses -> {
                    throw new SoftwareContainerException(ErrorKind.HOST_REFUSED, "no bus can be reached");
                },
                new PrintStream(output, true, StandardCharsets.UTF_8),
                new PrintStream(output, true, StandardCharsets.UTF_8),
                Map.of(),
                Path.of("/here"),
                "1.2.3");
    }

    private static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile())
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(printed).isZero();
        return printed;
    }

    private static boolean onPath(String program) {
        return Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }
}
