package com.pelagicore.softwarecontainer.cli;

import com.pelagicore.softwarecontainer.error.Quoted;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Parameters;

/** Not picocli's own, whose options clash with those that all commands inherit. */
@Command(
        name = "help",
        description = "Shows the help of a command, as its option --help does.",
        footerHeading = "%nExamples:%n",
        footer = "  softwarecontainer help run")
final class HelpCommand implements Callable<Integer> {

    private final Tool tool;

    @Parameters(arity = "0..1", paramLabel = "COMMAND", description = "default: help about all")
    private String command = "";

    HelpCommand(Tool tool) {
        this.tool = tool;
    }

    @Override
    public Integer call() {
        CommandLine all = Tool.commandLine(tool.host());
        CommandLine asked = command.isEmpty()
                ? all
                : Optional.ofNullable(all.getSubcommands().get(command))
                        .orElseThrow(
                                () -> new ToolFailure(ExitStatus.USAGE, "there is no command " + Quoted.text(command)));
        asked.usage(tool.host().output(), Ansi.AUTO);
        return ExitStatus.DONE;
    }
}
