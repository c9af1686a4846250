package com.pelagicore.softwarecontainer.daemon;

import com.pelagicore.softwarecontainer.config.LogLevel;
import java.util.List;
import java.util.logging.ConsoleHandler;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Logs to stderr, one line an event; see {@link LogLine}. */
final class Logging {

    /** Held here: java.util.logging forgets the level of a logger that nobody refers to. */
    private static final Logger ROOT = Logger.getLogger("");

    /** Libraries that write what passes through them, environment values included. */
    private static final List<Logger> TALKATIVE =
            List.of(Logger.getLogger("org.freedesktop.dbus"), Logger.getLogger("com.sun.jna"));

    private Logging() {}

    static void configure(LogLevel level) {
        for (Handler handler : ROOT.getHandlers()) {
            ROOT.removeHandler(handler);
        }
        Handler handler = new ConsoleHandler();
        handler.setFormatter(new LogLine(System.getenv().containsKey("JOURNAL_STREAM")));
        handler.setLevel(Level.ALL);
        ROOT.addHandler(handler);
        ROOT.setLevel(
                switch (level) {
                    case ERROR -> Level.SEVERE;
                    case WARN -> Level.WARNING;
                    case INFO -> Level.INFO;
                    case DEBUG -> Level.FINE;
                });
        TALKATIVE.forEach(library -> library.setLevel(Level.WARNING));
    }
}
