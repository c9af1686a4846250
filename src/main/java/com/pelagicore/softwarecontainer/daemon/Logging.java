package com.pelagicore.softwarecontainer.daemon;

import com.pelagicore.softwarecontainer.agent.dbus.LogControl;
import com.pelagicore.softwarecontainer.config.LogLevel;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import com.pelagicore.softwarecontainer.linux.UnixDatagram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.ConsoleHandler;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Logs to the journal if stderr goes there, else to stderr, one line an event; see {@link LogLine}. */
final class Logging implements LogControl.Log {

    private static final String JOURNAL_SOCKET = "/run/systemd/journal/socket";
    private static final String JOURNAL = "journal";
    private static final String CONSOLE = "console";
    private static final String AUTO = "auto";

    /** Held here: java.util.logging forgets the level of a logger that nobody refers to. */
    private static final Logger ROOT = Logger.getLogger("");

    /** Libraries that write what passes through them, environment values included. */
    private static final List<Logger> TALKATIVE =
            List.of(Logger.getLogger("org.freedesktop.dbus"), Logger.getLogger("com.sun.jna"));

    private final String identifier;
    private final boolean stderrIsJournal = stderrIsTheJournal(System.getenv());
    private final Map<String, Handler> handlers = new HashMap<>();
    private volatile LogLevel level;
    private volatile String target = CONSOLE;

    /**
     * From now on, for the whole process.
     *
     * @param identifier of the program, to be searched by in the journal
     */
    Logging(LogLevel level, String identifier) {
        this.level = level;
        this.identifier = identifier;
        setTarget(AUTO);
        setLevel(level);
        TALKATIVE.forEach(library -> library.setLevel(Level.WARNING));
    }

    @Override
    public LogLevel level() {
        return level;
    }

    @Override
    public void setLevel(LogLevel wanted) {
        level = wanted;
        ROOT.setLevel(
                switch (wanted) {
                    case ERROR -> Level.SEVERE;
                    case WARN -> Level.WARNING;
                    case INFO -> Level.INFO;
                    case DEBUG -> Level.FINE;
                });
    }

    @Override
    public String target() {
        return target;
    }

    @Override
    public synchronized boolean setTarget(String wanted) {
        String chosen = wanted.equals(AUTO) ? stderrIsJournal ? JOURNAL : CONSOLE : wanted;
        if (!chosen.equals(JOURNAL) && !chosen.equals(CONSOLE)) {
            return false;
        }
        List<Handler> before = List.of(ROOT.getHandlers());
        Handler next = handlers.computeIfAbsent(chosen, key -> key.equals(JOURNAL) ? journal() : stderr());
        if (!before.contains(next)) {
            ROOT.addHandler(next);
            before.forEach(ROOT::removeHandler);
        }
        target = chosen;
        return true;
    }

    @Override
    public String identifier() {
        return identifier;
    }

    private Handler stderr() {
        Handler stderr = new ConsoleHandler();
        stderr.setFormatter(new LogLine(stderrIsJournal ? LogLine.Form.PREFIXED : LogLine.Form.PEOPLE));
        stderr.setLevel(Level.ALL);
        return stderr;
    }

    private Handler journal() {
        try {
            return new JournalHandler(UnixDatagram.to(JOURNAL_SOCKET), identifier, stderr());
        } catch (SoftwareContainerException | LinkageError e) {
            return stderr();
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
