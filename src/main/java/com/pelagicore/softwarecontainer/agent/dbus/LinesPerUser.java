package com.pelagicore.softwarecontainer.agent.dbus;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/** Few lines of the log per user and time. Thread-safe. */
final class LinesPerUser {

    private static final long PERIOD = Duration.ofSeconds(10).toNanos();
    /** Users of whom something is remembered, the latest. */
    private static final int USERS = 64;

    private static final class Lines {
        private final long since;
        private int count = 1;

        private Lines(long since) {
            this.since = since;
        }
    }

    private final int limit;
    private final LongSupplier nanoTime;
    /** By uid. */
    private final Map<Long, Lines> lines = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Lines> eldest) {
            return size() > USERS;
        }
    };

    /** @param limit of a user in ten seconds */
    LinesPerUser(int limit, LongSupplier nanoTime) {
        this.limit = limit;
        this.nanoTime = nanoTime;
    }

    /** How many of the user were not logged since the last that was; negative: this one is not either. */
    synchronized int suppressed(long uid) {
        long now = nanoTime.getAsLong();
        Lines earlier = lines.get(uid);
        if (earlier != null && now - earlier.since < PERIOD) {
            return ++earlier.count > limit ? -1 : 0;
        }
        lines.remove(uid);
        lines.put(uid, new Lines(now));
        return earlier == null ? 0 : Math.max(0, earlier.count - limit);
    }
}
