package com.pelagicore.softwarecontainer.cli;

import java.util.List;
import java.util.function.IntConsumer;

/** The same for several containers: all are tried, errors are told at once, and the worst is the exit status. */
final class ForEach {

    private ForEach() {}

    /** @param activity as in "suspending container" */
    static int of(Tool tool, String activity, List<Integer> containers, IntConsumer action) {
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
