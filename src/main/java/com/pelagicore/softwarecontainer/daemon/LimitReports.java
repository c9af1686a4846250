package com.pelagicore.softwarecontainer.daemon;

import com.pelagicore.softwarecontainer.container.ContainerId;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs that containers have reached their limits: each number once. Thread-safe. */
final class LimitReports {

    private static final Logger LOG = LoggerFactory.getLogger(LimitReports.class);

    private final Function<ContainerId, Map<String, Long>> usage;
    private final Map<ContainerId, Map<String, Long>> told = new HashMap<>();

    /** @param usage as the property of that name in dbus-interfaces/; nothing of a container that is gone */
    LimitReports(Function<ContainerId, Map<String, Long>> usage) {
        this.usage = usage;
    }

    /** To be called when something may have gone wrong in a container. */
    synchronized void look(ContainerId container) {
        Map<String, Long> now = usage.apply(container);
        Map<String, Long> before = told.getOrDefault(container, Map.of());
        told.put(container, now);
        long kills = difference("MemoryKills", before, now);
        if (kills > 0) {
            LOG.warn("the limit of memory is reached, processes killed: {}", kills);
        }
        long refused = difference("RefusedTasks", before, now);
        if (refused > 0) {
            LOG.warn("the limit of tasks is reached, processes and threads that could not start: {}", refused);
        }
    }

    /** To be called when a container may have gone: the next one with its number begins at 0 again. */
    synchronized void forgetIfGone(ContainerId container) {
        if (told.containsKey(container) && usage.apply(container).isEmpty()) {
            told.remove(container);
        }
    }

    private static long difference(String counter, Map<String, Long> before, Map<String, Long> now) {
        return Math.max(0, now.getOrDefault(counter, 0L) - before.getOrDefault(counter, 0L));
    }
}
