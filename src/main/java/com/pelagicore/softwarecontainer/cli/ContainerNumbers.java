package com.pelagicore.softwarecontainer.cli;

import java.util.List;
import java.util.function.IntConsumer;
import picocli.CommandLine.Parameters;

/** Containers that a command is about: all are tried, errors are told at once, and the worst is the exit status. */
final class ContainerNumbers {

    @Parameters(
            paramLabel = "CONTAINER",
            arity = "1..*",
            converter = ContainerNumber.class,
            description = "their numbers")
    private List<Integer> containers = List.of();

    /**
     * Calls a method of each.
     *
     * @param activity as in "suspending container"
     */
    int call(Tool tool, String activity, AgentMethod method) {
        try (AgentConnection agent = tool.connect()) {
            return forEach(tool, activity, containers, id -> agent.call(id, method));
        }
    }

    static int forEach(Tool tool, String activity, List<Integer> containers, IntConsumer action) {
        int status = ExitStatus.DONE;
        for (int id : containers) {
            try {
                Progress.during(tool.host(), activity + " " + id, () -> {
                    action.accept(id);
                    return true;
                });
            } catch (ToolFailure e) {
                tool.complain(e.text());
                status = Math.max(status, e.status());
            }
        }
        return status;
    }
}
