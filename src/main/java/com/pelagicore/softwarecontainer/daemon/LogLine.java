package com.pelagicore.softwarecontainer.daemon;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.slf4j.MDC;

/**
 * {@code 12:31:07.123 info SC-7: text}; for the journal {@code <6>SC-7: text}, as it keeps the time itself and
 * takes the priority from the prefix (sd-daemon(3)).
 */
final class LogLine extends Formatter {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneId.systemDefault());

    private final boolean forJournal;

    LogLine(boolean forJournal) {
        this.forJournal = forJournal;
    }

    @Override
    public String format(LogRecord event) {
        String prefix = forJournal
                ? "<" + priority(event.getLevel()) + ">"
                : TIME.format(event.getInstant()) + " " + name(event.getLevel()) + " ";
        String container = MDC.get("container");
        String about = container == null ? "" : "SC-" + container + ": ";
        String text = prefix + about + formatMessage(event) + "\n";
        String thrown = event.getThrown() == null ? "" : stackTrace(event.getThrown());
        return (text + thrown).replaceAll("\n(?!\\z)", forJournal ? "\n" + prefix : "\n");
    }

    private static String stackTrace(Throwable thrown) {
        StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    /** As in syslog(3). */
    private static int priority(Level level) {
        if (level.intValue() >= Level.SEVERE.intValue()) {
            return 3;
        } else if (level.intValue() >= Level.WARNING.intValue()) {
            return 4;
        }
        return level.intValue() >= Level.INFO.intValue() ? 6 : 7;
    }

    private static String name(Level level) {
        return switch (priority(level)) {
            case 3 -> "error";
            case 4 -> "warn";
            case 6 -> "info";
            default -> "debug";
        };
    }
}
