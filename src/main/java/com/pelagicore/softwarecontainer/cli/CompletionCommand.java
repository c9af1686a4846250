package com.pelagicore.softwarecontainer.cli;

import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Parameters;

/** For the build, which packages what it prints. */
@Command(
        name = "completion",
        hidden = true,
        description = "Prints a script that lets a shell complete this command.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  . <(softwarecontainer completion bash)",
            "  softwarecontainer completion zsh >~/.zfunc/_softwarecontainer"
        })
final class CompletionCommand implements Callable<Integer> {

    private enum Shell {
        BASH,
        ZSH;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }

        static final class Converter implements ITypeConverter<Shell> {
            @Override
            public Shell convert(String text) {
                return Choice.of(Shell.class, text);
            }
        }
    }

    private final Tool tool;

    @Parameters(
            arity = "0..1",
            paramLabel = "SHELL",
            converter = Shell.Converter.class,
            description = "@|bold bash|@, the default, or @|bold zsh|@")
    private Shell shell = Shell.BASH;

    CompletionCommand(Tool tool) {
        this.tool = tool;
    }

    @Override
    public Integer call() {
        CommandLine line = Tool.commandLine(tool.host());
        tool.print(
                switch (shell) {
                    case BASH -> AutoComplete.bash(Tool.NAME, line);
                    case ZSH -> ZshCompletion.of(line);
                });
        return ExitStatus.DONE;
    }
}
