package com.pelagicore.softwarecontainer.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

@Command(
        name = "list",
        description = "Lists all containers, also those that died and were not destroyed.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  softwarecontainer list",
            "  softwarecontainer list --json | jq '.[] | select(.state == \"invalid\") | .id'"
        })
final class ListCommand implements Callable<Integer> {

    private final Tool tool;

    ListCommand(Tool tool) {
        this.tool = tool;
    }

    @Override
    public Integer call() {
        try (AgentConnection agent = tool.connect()) {
            List<ContainerInfo> containers = agent.containers();
            if (tool.isJson()) {
                ArrayNode array = JsonNodeFactory.instance.arrayNode();
                containers.forEach(container -> array.add(ContainerJson.of(container)));
                tool.print(array);
            } else {
                tool.print(table(containers, Users.load(Path.of("/etc/passwd"))).toString());
            }
            return ExitStatus.DONE;
        }
    }

    private static Table table(List<ContainerInfo> containers, Users users) {
        Table table = new Table("ID", "STATE", "OWNER", "AGE", "PROCESSES", "CAPABILITIES");
        Instant now = Instant.now();
        containers.forEach(container -> table.row(
                String.valueOf(container.id()),
                container.state(),
                users.name(container.owner()),
                TimeSpan.format(Duration.between(container.created(), now)),
                String.valueOf(container.processes().size()),
                String.join(", ", container.capabilities())));
        return table;
    }
}
