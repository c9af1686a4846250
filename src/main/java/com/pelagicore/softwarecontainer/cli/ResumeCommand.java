package com.pelagicore.softwarecontainer.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "resume",
        description = "Lets the processes of suspended containers go on.",
        footerHeading = "%nExamples:%n",
        footer = "  softwarecontainer resume 0 1")
final class ResumeCommand implements Callable<Integer> {

    private final Tool tool;

    @Mixin
    private ContainerNumbers containers = new ContainerNumbers();

    ResumeCommand(Tool tool) {
        this.tool = tool;
    }

    @Override
    public Integer call() {
        return containers.call(tool, "resuming container", AgentMethod.RESUME);
    }
}
