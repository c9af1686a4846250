package com.pelagicore.softwarecontainer.cli;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "destroy",
        description = {
            "Ends all processes of containers, writes their write buffers back, and removes them.",
            "Containers that died must be destroyed, too."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  softwarecontainer destroy 0 1",
            "  softwarecontainer destroy --grace 10s 0",
            "  softwarecontainer destroy --all"
        })
final class DestroyCommand implements Callable<Integer> {

    private final Tool tool;

    @Parameters(
            paramLabel = "CONTAINER",
            arity = "0..*",
            converter = ContainerNumber.class,
            description = "their numbers")
    private List<Integer> containers = List.of();

    @Option(names = "--all", description = "destroy all that there are")
    private boolean all;

    @Option(
            names = "--grace",
            paramLabel = "TIME",
            converter = TimeSpan.class,
            description = "send SIGTERM first and wait so long, as in 500ms, 10s or 2m; default: 0, kill at once")
    private Duration grace = Duration.ZERO;

    DestroyCommand(Tool tool) {
        this.tool = tool;
    }

    @Override
    public Integer call() {
        if (all != containers.isEmpty()) {
            throw new ToolFailure(ExitStatus.USAGE, "give numbers of containers, or --all, and not both");
        }
        try (AgentConnection agent = tool.connect()) {
            List<Integer> ids =
                    all ? agent.containers().stream().map(ContainerInfo::id).toList() : containers;
            return ContainerNumbers.forEach(tool, "destroying container", ids, id -> destroy(agent, id));
        }
    }

    private void destroy(AgentConnection agent, int id) {
        if (!grace.isZero() && agent.container(id).state().equals("ready")) {
            agent.call(id, AgentMethod.STOP, 0L, grace.toMillis() * 1000);
        }
        agent.call(id, AgentMethod.DESTROY);
    }
}
