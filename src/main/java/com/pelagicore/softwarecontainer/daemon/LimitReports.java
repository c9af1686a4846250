package com.pelagicore.softwarecontainer.daemon;

import com.pelagicore.softwarecontainer.container.ContainerId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs that containers have reached their limits: each number once. */
final class LimitReports {

    private static final Logger LOG = LoggerFactory.getLogger(LimitReports.class);

    private final Function<ContainerId, Map<String, Long>> usage;
    private final Map<ContainerId, Map<String, Long>> told = new ConcurrentHashMap<>();

    /** @param usage as the property of that name in dbus-interfaces/ */
    LimitReports(Function<ContainerId, Map<String, Long>> usage) {
        this.usage = usage;
    }

    /** To be called when something may have gone wrong in a container. */
    void look(ContainerId container) {
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

    /** Counters of a container that has the number of an earlier one begin at 0 again. */
    private static long difference(String counter, Map<String, Long> before, Map<String, Long> now) {
        long earlier = before.getOrDefault(counter, 0L);
        long later = now.getOrDefault(counter, 0L);
        return later >= earlier ? later - earlier : later;
    }
}
