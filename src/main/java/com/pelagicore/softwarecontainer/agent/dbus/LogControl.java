package com.pelagicore.softwarecontainer.agent.dbus;

import com.pelagicore.softwarecontainer.bus.BusCall;
import com.pelagicore.softwarecontainer.bus.BusError;
import com.pelagicore.softwarecontainer.bus.BusObject;
import com.pelagicore.softwarecontainer.bus.Introspection;
import com.pelagicore.softwarecontainer.bus.PropertyHandler;
import com.pelagicore.softwarecontainer.config.LogLevel;
import com.pelagicore.softwarecontainer.error.Quoted;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The log at run time, org.freedesktop.LogControl1(5); only root sets anything. */
public final class LogControl {

    public static final String PATH = "/org/freedesktop/LogControl1";
    private static final String INTERFACE = "org.freedesktop.LogControl1";
    private static final String RESOURCE = "/dbus-interfaces/org.freedesktop.LogControl1.xml";

    /** syslog(3) has eight levels. */
    private static final Map<String, LogLevel> LEVELS = Map.of(
            "emerg", LogLevel.ERROR,
            "alert", LogLevel.ERROR,
            "crit", LogLevel.ERROR,
            "err", LogLevel.ERROR,
            "warning", LogLevel.WARN,
            "notice", LogLevel.INFO,
            "info", LogLevel.INFO,
            "debug", LogLevel.DEBUG);

    /** What can be read and set. Thread-safe. */
    public interface Log {

        LogLevel level();

        void setLevel(LogLevel level);

        /** {@code console} or {@code journal}. */
        String target();

        /**
         * Where to from now on.
         *
         * @param target one of those, or {@code auto}
         * @return false if it is none of them; then nothing has changed
         */
        boolean setTarget(String target);

        /** By which entries are found in the journal. */
        String identifier();
    }

    private final Log log;

    public LogControl(Log log) {
        this.log = log;
    }

    /** To be registered at {@link #PATH}. */
    public BusObject object() {
        return new BusObject(
                Introspection.ofResource(RESOURCE),
                List.of(),
                List.of(
                        property("LogLevel", this::level, this::setLevel),
                        property("LogTarget", log::target, this::setTarget),
                        new PropertyHandler(INTERFACE, "SyslogIdentifier", path -> log.identifier())));
    }

    private static PropertyHandler property(String name, Supplier<String> reader, Consumer<String> writer) {
        return new PropertyHandler(INTERFACE, name, path -> reader.get(), Optional.of((call, value) -> {
            requireRoot(call);
            writer.accept((String) value);
        }));
    }

    private static void requireRoot(BusCall call) {
        if (!call.credentials().isRoot()) {
            throw BusError.accessDenied("only root may change what is logged");
        }
    }

    private String level() {
        return switch (log.level()) {
            case ERROR -> "err";
            case WARN -> "warning";
            case INFO -> "info";
            case DEBUG -> "debug";
        };
    }

    private void setLevel(String name) {
        LogLevel level = LEVELS.get(name);
        if (level == null) {
            throw BusError.invalidArguments(
                    "LogLevel must be one of syslog's, from emerg to debug, not " + Quoted.text(name));
        }
        log.setLevel(level);
    }

    private void setTarget(String target) {
        if (!log.setTarget(target)) {
            throw BusError.invalidArguments("LogTarget must be auto, console or journal, not " + Quoted.text(target));
        }
    }
}
