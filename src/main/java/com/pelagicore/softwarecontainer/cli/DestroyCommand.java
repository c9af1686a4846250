package com.pelagicore.softwarecontainer.cli;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
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
            "  softwarecontainer destroy --grace 10s 0    SIGTERM first, and ten seconds to end",
            "  softwarecontainer destroy --all"
        })
final class DestroyCommand implements Callable<Integer> {

    /** Which ones; one of the two has to be given. */
    private static final class Which {
        @Parameters(
                paramLabel = "CONTAINER",
                arity = "1..*",
                converter = ContainerNumber.class,
                description = "their numbers")
        private List<Integer> containers = List.of();

        @Option(names = "--all", description = "all that there are")
        private boolean all;
    }

    private final Tool tool;

    @ArgGroup(multiplicity = "1")
    private Which which = new Which();

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
        try (AgentConnection agent = tool.connect()) {
            List<Integer> ids = which.all
                    ? agent.containers().stream().map(ContainerInfo::id).toList()
                    : which.containers;
            return ForEach.of(tool, "destroying container", ids, id -> destroy(agent, id));
        }
    }

    private void destroy(AgentConnection agent, int id) {
        if (!grace.isZero() && agent.container(id).state().equals("ready")) {
            agent.call(id, AgentMethod.STOP, 0L, grace.toMillis() * 1000);
        }
        agent.call(id, AgentMethod.DESTROY);
    }
}
