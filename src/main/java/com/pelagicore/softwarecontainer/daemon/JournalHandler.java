package com.pelagicore.softwarecontainer.daemon;

import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import com.pelagicore.softwarecontainer.supervision.DatagramTarget;
import com.pelagicore.softwarecontainer.supervision.JournalEntry;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import org.slf4j.MDC;

/**
 * Writes log entries to the journal with fields of their own for whom and what they are about
 * (systemd.journal-fields(7)); those that the journal does not take go to another handler.
 */
final class JournalHandler extends Handler {

    private final DatagramTarget journal;
    private final String identifier;
    private final Handler otherwise;
    private final LogLine line = new LogLine(LogLine.Form.MESSAGE);

    JournalHandler(DatagramTarget journal, String identifier, Handler otherwise) {
        this.journal = journal;
        this.identifier = identifier;
        this.otherwise = otherwise;
    }

    @Override
    public void publish(LogRecord event) {
        if (!isLoggable(event)) {
            return;
        }
        try {
            journal.send(entry(event).bytes());
        } catch (SoftwareContainerException e) {
            otherwise.publish(event);
        }
    }

    private JournalEntry entry(LogRecord event) {
        JournalEntry entry = new JournalEntry()
                .with("MESSAGE", line.format(event).stripTrailing())
                .with("PRIORITY", Integer.toString(LogLine.priority(event.getLevel())))
                .with("SYSLOG_IDENTIFIER", identifier);
        if (event.getSourceClassName() != null) {
            entry.with(
                    "CODE_FILE",
                    event.getSourceClassName().replaceFirst("\\$.*", "").replace('.', '/') + ".java");
            entry.with("CODE_FUNC", event.getSourceClassName() + "." + event.getSourceMethodName());
        }
        for (LogContext context : LogContext.values()) {
            String value = MDC.get(context.key());
            if (value != null) {
                entry.with(context.field(), value);
            }
        }
        return entry;
    }

    @Override
    public void flush() {
        otherwise.flush();
    }

    @Override
    public void close() {
        otherwise.close();
    }
}
