package com.pelagicore.softwarecontainer.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = ExecCommand.NAME,
        description = {
            "Runs a program in a container that there is, and waits for its end.",
            "Options of this command come before CONTAINER; what follows is the program's. The exit status is that of the"
                    + " program, 128 and the number of the signal that killed it, or 125 if this command failed."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  softwarecontainer exec 0 sh",
            "  softwarecontainer exec -e LANG=C -w /app 0 ./server --port 80",
            "  softwarecontainer exec 0 tar -c /var/app >backup.tar"
        })
final class ExecCommand implements Callable<Integer> {

    static final String NAME = "exec";

    private final Tool tool;

    @Mixin
    private ProgramOptions options = new ProgramOptions();

    @Parameters(index = "0", paramLabel = "CONTAINER", converter = ContainerNumber.class, description = "its number")
    private int container;

    @Parameters(
            index = "1..*",
            arity = "1..*",
            paramLabel = "PROGRAM",
            description = "a program of the container, and its arguments")
    private List<String> program = List.of();

    ExecCommand(Tool tool) {
        this.tool = tool;
    }

    @Override
    public Integer call() {
        // behind the number of the container picocli takes it for a program
        List<String> command = program.get(0).equals("--") ? program.subList(1, program.size()) : program;
        if (command.isEmpty()) {
            throw new ToolFailure(ExitStatus.USAGE, "there is no program after '--'");
        }
        return ProgramRun.with(tool, options, (agent, run) -> run.run(container, command));
    }
}
