package com.pelagicore.softwarecontainer.cli;

import com.pelagicore.softwarecontainer.bus.Variant;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** How {@code run} and {@code exec} start a program. */
final class ProgramOptions {

    /** On a terminal or not; without either it depends on this tool's streams. */
    private static final class TerminalUse {
        @Option(
                names = {"-t", "--terminal"},
                description = "run the program on a terminal of its own; the default if input and output are one")
        private boolean always;

        @Option(
                names = {"-T", "--no-terminal"},
                description = "give it this command's input and output, or pipes to them if they are a terminal")
        private boolean never;
    }

    @ArgGroup
    private TerminalUse terminal = new TerminalUse();

    @Option(
            names = {"-e", "--env"},
            paramLabel = "NAME[=VALUE]",
            description = "set a variable of the program's environment, without value to what it is here; can be given"
                    + " several times")
    private List<String> environment = List.of();

    @Option(
            names = {"-w", "--workdir"},
            paramLabel = "PATH",
            description = "directory in the container to start in; default: /")
    private String workingDirectory = "/";

    @Option(
            names = "--grace",
            paramLabel = "TIME",
            converter = TimeSpan.class,
            description = "how long the program may take to end when this command gets SIGTERM; default: 10s")
    private Duration grace = Duration.ofSeconds(10);

    Duration grace() {
        return grace;
    }

    boolean wantsTerminal(Console console) {
        boolean isInteractive = console.isTerminal(Console.Stream.INPUT) && console.isTerminal(Console.Stream.OUTPUT);
        return terminal.always || (!terminal.never && isInteractive);
    }

    /** Those options of {@code Execute} that do not depend on streams. */
    Map<String, Variant> toWire(Map<String, String> environmentHere, boolean onTerminal) {
        Map<String, String> variables = new HashMap<>();
        if (onTerminal && environmentHere.containsKey("TERM")) {
            variables.put("TERM", environmentHere.get("TERM"));
        }
        for (String variable : environment) {
            int equals = variable.indexOf('=');
            if (equals >= 0) {
                variables.put(variable.substring(0, equals), variable.substring(equals + 1));
            } else if (environmentHere.containsKey(variable)) {
                variables.put(variable, environmentHere.get(variable));
            }
        }
        Map<String, Variant> options = new HashMap<>();
        options.put("Environment", new Variant("a{ss}", variables));
        options.put("WorkingDirectory", new Variant("s", workingDirectory));
        return options;
    }
}
