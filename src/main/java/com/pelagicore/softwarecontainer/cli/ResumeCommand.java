package com.pelagicore.softwarecontainer.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "resume",
        description = "Lets the processes of suspended containers go on.",
        footerHeading = "%nExamples:%n",
        footer = "  softwarecontainer resume 0 1")
final class ResumeCommand implements Callable<Integer> {

    private final Tool tool;

    @Parameters(
            paramLabel = "CONTAINER",
            arity = "1..*",
            converter = ContainerNumber.class,
            description = "their numbers")
    private List<Integer> containers = List.of();

    ResumeCommand(Tool tool) {
        this.tool = tool;
    }

    @Override
    public Integer call() {
        try (AgentConnection agent = tool.connect()) {
            return ForEach.of(tool, "resuming container", containers, id -> agent.call(id, AgentMethod.RESUME));
        }
    }
}
