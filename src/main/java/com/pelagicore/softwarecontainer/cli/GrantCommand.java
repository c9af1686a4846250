package com.pelagicore.softwarecontainer.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "grant",
        description =
                "Grants capabilities to a container, in addition to what it has: all of them or, on any error, none.",
        footerHeading = "%nExamples:%n",
        footer = "  softwarecontainer grant 0 com.example.sound com.example.window")
final class GrantCommand implements Callable<Integer> {

    private final Tool tool;

    @Parameters(index = "0", paramLabel = "CONTAINER", converter = ContainerNumber.class, description = "its number")
    private int container;

    @Parameters(
            index = "1..*",
            arity = "1..*",
            paramLabel = "CAPABILITY",
            description = "as 'softwarecontainer capabilities' lists them")
    private List<String> capabilities = List.of();

    GrantCommand(Tool tool) {
        this.tool = tool;
    }

    @Override
    public Integer call() {
        return AgentConnection.callOnce(tool, "granting", container, AgentMethod.GRANT, capabilities);
    }
}
