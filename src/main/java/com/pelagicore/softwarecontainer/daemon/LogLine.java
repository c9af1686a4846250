package com.pelagicore.softwarecontainer.daemon;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.slf4j.MDC;

/** A log entry as text: what happened, before it the container that it is about, behind it a stack trace. */
final class LogLine extends Formatter {

    enum Form {
        /** {@code 12:31:07.123 info SC-7: text}. */
        PEOPLE,
        /** {@code <6>SC-7: text}: the journal keeps the time, and takes the priority from the prefix (sd-daemon(3)). */
        PREFIXED,
        /** {@code SC-7: text}: the priority goes another way. */
        MESSAGE
    }

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneId.systemDefault());

    private final Form form;

    LogLine(Form form) {
        this.form = form;
    }

    @Override
    public String format(LogRecord event) {
        String container = MDC.get(LogContext.CONTAINER.key());
        String about = container == null ? "" : "SC-" + container + ": ";
        String prefix = prefix(event);
        String text = prefix + about + formatMessage(event) + "\n";
        String thrown = event.getThrown() == null ? "" : stackTrace(event.getThrown());
        return (text + thrown).replaceAll("\n(?!\\z)", form == Form.PREFIXED ? "\n" + prefix : "\n");
    }

    private String prefix(LogRecord event) {
        return switch (form) {
            case PEOPLE -> TIME.format(event.getInstant()) + " " + name(event.getLevel()) + " ";
            case PREFIXED -> "<" + priority(event.getLevel()) + ">";
            case MESSAGE -> "";
        };
    }

    private static String stackTrace(Throwable thrown) {
        StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    /** As in syslog(3). */
    static int priority(Level level) {
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
