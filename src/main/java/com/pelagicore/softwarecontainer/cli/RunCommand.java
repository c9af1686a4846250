package com.pelagicore.softwarecontainer.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = RunCommand.NAME,
        description = {
            "Creates a container, runs a program in it, waits for its end and destroys the container.",
            "Options of this command come before PROGRAM. The exit status is that of the program, 128 and the number of the"
                    + " signal that killed it, or 125 if this command failed. SIGINT goes to the program, SIGTERM and"
                    + " SIGHUP end it; a second one kills it. The container is destroyed in any case,"
                    + " also if this command is killed."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  softwarecontainer run -- sh",
            "  softwarecontainer run -m ./app:/app -w /app -- ./hello --greeting hi",
            "  softwarecontainer run -g com.pelagicore.example.sound /usr/bin/player a.ogg",
            "  make-data | softwarecontainer run -m ./bin:/tools /tools/filter >result"
        })
final class RunCommand implements Callable<Integer> {

    static final String NAME = "run";

    private final Tool tool;

    @Mixin
    private NewContainerOptions container = new NewContainerOptions();

    @Mixin
    private ProgramOptions options = new ProgramOptions();

    @Parameters(arity = "1..*", paramLabel = "PROGRAM", description = "a program of the container, and its arguments")
    private List<String> program = List.of();

    RunCommand(Tool tool) {
        this.tool = tool;
    }

    @Override
    public Integer call() {
        return ProgramRun.with(tool, options, this::run);
    }

    private int run(AgentConnection agent, ProgramRun run) {
        int id = container.createBound(agent, tool.host());
        try (NewContainer made = new NewContainer(tool.host(), agent, id)) {
            run.requireNoInterruption();
            return run.run(made.id(), program);
        }
    }

    /** Destroyed with the command. */
    private record NewContainer(ToolHost host, AgentConnection agent, int id) implements AutoCloseable {

        @Override
        public void close() {
            Progress.during(host, "destroying the container", () -> agent.call(id, AgentMethod.DESTROY));
        }
    }
}
