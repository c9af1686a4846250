package com.pelagicore.softwarecontainer.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.node.JsonNodeFactory;

@Command(
        name = "create",
        description = "Creates a container and prints its number.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  softwarecontainer create",
            "  softwarecontainer create -g com.example.sound -m /opt/app:/app",
            "  softwarecontainer create --write-buffer memory -m ./data:/data:rw"
        })
final class CreateCommand implements Callable<Integer> {

    private final Tool tool;

    @Mixin
    private NewContainerOptions options = new NewContainerOptions();

    CreateCommand(Tool tool) {
        this.tool = tool;
    }

    @Override
    public Integer call() {
        try (AgentConnection agent = tool.connect()) {
            int id = options.create(agent, tool.host());
            if (tool.isJson()) {
                tool.print(JsonNodeFactory.instance.objectNode().put("id", id));
            } else {
                tool.print(id + "\n");
            }
            return ExitStatus.DONE;
        }
    }
}
