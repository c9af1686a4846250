package com.pelagicore.softwarecontainer.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;

/** For the build, which packages what it prints. */
@Command(
        name = "completion",
        hidden = true,
        description = "Prints a script that lets bash, or zsh with bashcompinit, complete this command.",
        footerHeading = "%nExamples:%n",
        footer = "  . <(softwarecontainer completion)")
final class CompletionCommand implements Callable<Integer> {

    private final Tool tool;

    CompletionCommand(Tool tool) {
        this.tool = tool;
    }

    @Override
    public Integer call() {
        tool.print(AutoComplete.bash(Tool.NAME, Tool.commandLine(tool.host())));
        return ExitStatus.DONE;
    }
}
