package com.pelagicore.softwarecontainer.agent.dbus;

import com.pelagicore.softwarecontainer.agent.Caller;
import com.pelagicore.softwarecontainer.error.Quoted;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who changed what, and who was denied what. Both are few lines per user and time, so that nobody fills the log, and
 * nobody's lines hide those of another: journald drops what is over its own limit, whose ever it is. Thread-safe.
 */
public final class AuditLog {

    private static final Logger LOG = LoggerFactory.getLogger(AuditLog.class);
    private static final int DENIALS = 5;
    /** Times the users remembered below what journald takes by default, 10000 lines in 30 seconds. */
    private static final int DEEDS = 40;

    private final LinesPerUser denials;
    private final LinesPerUser deeds;

    public AuditLog() {
        this(System::nanoTime);
    }

    AuditLog(LongSupplier nanoTime) {
        this.denials = new LinesPerUser(DENIALS, nanoTime);
        this.deeds = new LinesPerUser(DEEDS, nanoTime);
    }

    /** All of root's are logged. */
    void done(Caller caller, String member) {
        int suppressed = caller.isRoot() ? 0 : deeds.suppressed(caller.uid());
        if (suppressed < 0) {
            return;
        }
        String granted = caller.granted().isEmpty() ? "" : ", granted " + caller.granted();
        String before = suppressed == 0 ? "" : ", " + suppressed + " more before";
        LOG.info("{} by user {} ({}){}{}", member, caller.uid(), caller.name(), granted, before);
    }

    void denied(Caller caller, String member, String reason) {
        int suppressed = denials.suppressed(caller.uid());
        if (suppressed < 0) {
            return;
        }
        String before = suppressed == 0 ? "" : ", " + suppressed + " more denials before";
        LOG.warn("{} denied to {}: {}{}", member, caller.name(), Quoted.line(reason, 200), before);
    }
}
