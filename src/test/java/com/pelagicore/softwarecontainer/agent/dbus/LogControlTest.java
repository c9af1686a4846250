package com.pelagicore.softwarecontainer.agent.dbus;

import static org.assertj.core.api.Assertions.assertThat;

import com.pelagicore.softwarecontainer.bus.BusConnection;
import com.pelagicore.softwarecontainer.bus.BusLimits;
import com.pelagicore.softwarecontainer.bus.FakeAnswer;
import com.pelagicore.softwarecontainer.bus.FakeBus;
import com.pelagicore.softwarecontainer.bus.Variant;
import com.pelagicore.softwarecontainer.config.LogLevel;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogControlTest {

    private static final String INTERFACE = "org.freedesktop.LogControl1";

    private final FakeBus bus = new FakeBus();
    private final BusConnection connection = BusConnection.connect(bus, BusLimits.STANDARD, reason -> {});
    private final FakeLog log = new FakeLog();

    @BeforeEach
    void serve() {
        connection.register(LogControl.PATH, new LogControl(log).object());
        connection.start();
    }

    @AfterEach
    void close() {
        connection.close();
    }

    @Test
    void hasThePropertiesOfTheInterface() {
        assertThat(ask("GetAll", "s", INTERFACE).value())
                .isEqualTo(Map.of(
                        "LogLevel", new Variant("s", "info"),
                        "LogTarget", new Variant("s", "console"),
                        "SyslogIdentifier", new Variant("s", "the-agent")));
    }

    @ParameterizedTest
    @CsvSource({
        "emerg, ERROR, err",
        "alert, ERROR, err",
        "crit, ERROR, err",
        "err, ERROR, err",
        "warning, WARN, warning",
        "notice, INFO, info",
        "info, INFO, info",
        "debug, DEBUG, debug"
    })
    void takesTheLevelsOfSyslog(String set, LogLevel level, String read) {
        assertThat(set("LogLevel", set).values()).isEmpty();

        assertThat(log.level()).isEqualTo(level);
        assertThat(ask("Get", "ss", INTERFACE, "LogLevel").value()).isEqualTo(new Variant("s", read));
    }

    @Test
    void refusesALevelOrTargetThatIsNone() {
        assertThat(set("LogLevel", "loud").error()).isEqualTo("org.freedesktop.DBus.Error.InvalidArgs");
        assertThat(set("LogTarget", "kmsg").error()).isEqualTo("org.freedesktop.DBus.Error.InvalidArgs");
        assertThat(set("SyslogIdentifier", "x").error()).isEqualTo("org.freedesktop.DBus.Error.PropertyReadOnly");

        assertThat(log.level()).isEqualTo(LogLevel.INFO);
        assertThat(log.target()).isEqualTo("console");
    }

    @Test
    void changesTheTarget() {
        assertThat(set("LogTarget", "journal").values()).isEmpty();

        assertThat(ask("Get", "ss", INTERFACE, "LogTarget").value()).isEqualTo(new Variant("s", "journal"));
    }

    @Test
    void letsOnlyRootChangeAnything() {
        bus.uids.put(FakeBus.CLIENT, 1000L);

        assertThat(set("LogLevel", "debug").error()).isEqualTo("org.freedesktop.DBus.Error.AccessDenied");
        assertThat(set("LogTarget", "journal").error()).isEqualTo("org.freedesktop.DBus.Error.AccessDenied");

        assertThat(log.level()).isEqualTo(LogLevel.INFO);
        assertThat(log.target()).isEqualTo("console");
    }

    private FakeAnswer set(String property, String value) {
        return ask("Set", "ssv", INTERFACE, property, new org.freedesktop.dbus.types.Variant<>(value));
    }

    private FakeAnswer ask(String member, String signature, Object... arguments) {
        bus.call(LogControl.PATH, "org.freedesktop.DBus.Properties", member, signature, arguments);
        return bus.answer();
    }

    private static final class FakeLog implements LogControl.Log {

        private volatile LogLevel level = LogLevel.INFO;
        private volatile String target = "console";

        @Override
        public LogLevel level() {
            return level;
        }

        @Override
        public void setLevel(LogLevel wanted) {
            level = wanted;
        }

        @Override
        public String target() {
            return target;
        }

        @Override
        public boolean setTarget(String wanted) {
            if (!wanted.equals("journal") && !wanted.equals("console")) {
                return false;
            }
            target = wanted;
            return true;
        }

        @Override
        public String identifier() {
            return "the-agent";
        }
    }
}
