package com.pelagicore.softwarecontainer.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

@Command(
        name = "capabilities",
        description = "Lists the capabilities that can be granted, without those that every container gets.",
        footerHeading = "%nExamples:%n",
        footer = "  softwarecontainer capabilities")
final class CapabilitiesCommand implements Callable<Integer> {

    private final Tool tool;

    CapabilitiesCommand(Tool tool) {
        this.tool = tool;
    }

    @Override
    public Integer call() {
        try (AgentConnection agent = tool.connect()) {
            List<String> names =
                    agent.call(AgentMethod.PATH, AgentMethod.LIST_CAPABILITIES).strings(0);
            if (tool.isJson()) {
                ArrayNode array = JsonNodeFactory.instance.arrayNode();
                names.forEach(array::add);
                tool.print(array);
            } else {
                names.forEach(name -> tool.print(name + "\n"));
            }
            return ExitStatus.DONE;
        }
    }
}
