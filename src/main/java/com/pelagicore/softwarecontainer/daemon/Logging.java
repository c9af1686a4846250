package com.pelagicore.softwarecontainer.daemon;

import com.pelagicore.softwarecontainer.config.LogLevel;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import com.pelagicore.softwarecontainer.linux.UnixDatagram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.logging.ConsoleHandler;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Logs to the journal if stderr goes there, else to stderr, one line an event; see {@link LogLine}. */
final class Logging {

    private static final String JOURNAL = "/run/systemd/journal/socket";

    /** Held here: java.util.logging forgets the level of a logger that nobody refers to. */
    private static final Logger ROOT = Logger.getLogger("");

    /** Libraries that write what passes through them, environment values included. */
    private static final List<Logger> TALKATIVE =
            List.of(Logger.getLogger("org.freedesktop.dbus"), Logger.getLogger("com.sun.jna"));

    private Logging() {}

    /** @param identifier of the program, to be searched by in the journal */
    static void configure(LogLevel level, String identifier) {
        for (Handler handler : ROOT.getHandlers()) {
            ROOT.removeHandler(handler);
        }
        ROOT.addHandler(handler(identifier));
        ROOT.setLevel(
                switch (level) {
                    case ERROR -> Level.SEVERE;
                    case WARN -> Level.WARNING;
                    case INFO -> Level.INFO;
                    case DEBUG -> Level.FINE;
                });
        TALKATIVE.forEach(library -> library.setLevel(Level.WARNING));
    }

    private static Handler handler(String identifier) {
        boolean isJournal = stderrIsTheJournal(System.getenv());
        Handler stderr = new ConsoleHandler();
        stderr.setFormatter(new LogLine(isJournal ? LogLine.Form.PREFIXED : LogLine.Form.PEOPLE));
        stderr.setLevel(Level.ALL);
        if (!isJournal) {
            return stderr;
        }
        try {
            return new JournalHandler(UnixDatagram.to(JOURNAL), identifier, stderr);
        } catch (SoftwareContainerException | LinkageError e) {
            return stderr;
        }
    }

    /** The variable alone proves nothing: it is inherited by programs whose stderr goes elsewhere (systemd.exec(5)). */
    private static boolean stderrIsTheJournal(Map<String, String> environment) {
        String stream = environment.getOrDefault("JOURNAL_STREAM", "");
        try {
            Map<String, Object> stderr = Files.readAttributes(Path.of("/proc/self/fd/2"), "unix:dev,ino");
            return stream.equals(stderr.get("dev") + ":" + stderr.get("ino"));
        } catch (IOException e) {
            return false;
        }
    }
}
