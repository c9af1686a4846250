package com.pelagicore.softwarecontainer.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "suspend",
        description = "Freezes all processes of containers, until they are resumed.",
        footerHeading = "%nExamples:%n",
        footer = "  softwarecontainer suspend 0 1")
final class SuspendCommand implements Callable<Integer> {

    private final Tool tool;

    @Parameters(
            paramLabel = "CONTAINER",
            arity = "1..*",
            converter = ContainerNumber.class,
            description = "their numbers")
    private List<Integer> containers = List.of();

    SuspendCommand(Tool tool) {
        this.tool = tool;
    }

    @Override
    public Integer call() {
        try (AgentConnection agent = tool.connect()) {
            return ForEach.of(tool, "suspending container", containers, id -> agent.call(id, AgentMethod.SUSPEND));
        }
    }
}
