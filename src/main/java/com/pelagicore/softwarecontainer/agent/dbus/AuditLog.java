package com.pelagicore.softwarecontainer.agent.dbus;

import com.pelagicore.softwarecontainer.agent.Caller;
import com.pelagicore.softwarecontainer.error.Quoted;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who changed what, and who was denied what. Denials are few lines per user and time, so that nobody fills the
 * log, and nobody's lines hide those of another. Thread-safe.
 */
public final class AuditLog {

    private static final Logger LOG = LoggerFactory.getLogger(AuditLog.class);
    private static final int DENIALS = 5;
    private static final long PERIOD = Duration.ofSeconds(10).toNanos();
    /** Users of whom something is remembered, the latest. */
    private static final int USERS = 64;

    private static final class Denials {
        private final long since;
        private int count;

        private Denials(long since) {
            this.since = since;
        }
    }

    private final LongSupplier nanoTime;
    /** By uid. */
    private final Map<Long, Denials> denials = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Denials> eldest) {
            return size() > USERS;
        }
    };

    public AuditLog() {
        this(System::nanoTime);
    }

    AuditLog(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    void done(Caller caller, String member) {
        if (caller.granted().isEmpty()) {
            LOG.info("{} by user {} ({})", member, caller.uid(), caller.name());
        } else {
            LOG.info("{} by user {} ({}), granted {}", member, caller.uid(), caller.name(), caller.granted());
        }
    }

    void denied(Caller caller, String member, String reason) {
        int suppressed = suppressed(caller.uid());
        if (suppressed < 0) {
            return;
        }
        String before = suppressed == 0 ? "" : ", " + suppressed + " more denials before";
        LOG.warn("{} denied to {}: {}{}", member, caller.name(), Quoted.line(reason, 200), before);
    }

    /** How many denials of the user were not logged since the last that was; negative: this one is not either. */
    private synchronized int suppressed(long uid) {
        long now = nanoTime.getAsLong();
        Denials earlier = denials.get(uid);
        if (earlier != null && now - earlier.since < PERIOD) {
            return ++earlier.count > DENIALS ? -1 : 0;
        }
        denials.remove(uid);
        Denials fresh = new Denials(now);
        fresh.count = 1;
        denials.put(uid, fresh);
        return earlier == null ? 0 : Math.max(0, earlier.count - DENIALS);
    }
}
