package com.pelagicore.softwarecontainer.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "suspend",
        description = "Freezes all processes of containers, until they are resumed.",
        footerHeading = "%nExamples:%n",
        footer = "  softwarecontainer suspend 0 1")
final class SuspendCommand implements Callable<Integer> {

    private final Tool tool;

    @Mixin
    private ContainerNumbers containers = new ContainerNumbers();

    SuspendCommand(Tool tool) {
        this.tool = tool;
    }

    @Override
    public Integer call() {
        return containers.call(tool, "suspending container", AgentMethod.SUSPEND);
    }
}
