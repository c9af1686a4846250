package com.pelagicore.softwarecontainer.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import com.pelagicore.softwarecontainer.linux.DatagramReceiver;
import com.pelagicore.softwarecontainer.linux.UnixDatagram;
import com.pelagicore.softwarecontainer.supervision.JournalFields;
import com.pelagicore.softwarecontainer.supervision.RecordingTarget;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.MDC;

class JournalHandlerTest {

    private final RecordingTarget journal = new RecordingTarget();
    private final RecordingHandler otherwise = new RecordingHandler();
    private final Handler handler = new JournalHandler(journal, "the-agent", otherwise);

    @AfterEach
    void forget() {
        MDC.clear();
    }

    @Test
    void hasAFieldForEachFact() {
        MDC.put("container", "7");
        MDC.put("sender", ":1.42");

        handler.publish(event(Level.WARNING, "text"));

        assertThat(JournalFields.of(journal.next()))
                .containsExactly(
                        entry("MESSAGE", "SC-7: text"),
                        entry("PRIORITY", "4"),
                        entry("SYSLOG_IDENTIFIER", "the-agent"),
                        entry("CODE_FILE", "com/example/Outer.java"),
                        entry("CODE_FUNC", "com.example.Outer$Inner.method"),
                        entry("SC_CONTAINER", "7"),
                        entry("SC_SENDER", ":1.42"));
        assertThat(otherwise.events).isEmpty();
    }

    @Test
    void leavesOutWhatIsNotKnown() {
        LogRecord event = event(Level.INFO, "text");
        event.setSourceClassName(null);

        handler.publish(event);

        assertThat(JournalFields.of(journal.next())).containsOnlyKeys("MESSAGE", "PRIORITY", "SYSLOG_IDENTIFIER");
    }

    @Test
    void isOneEntryWithItsStackTrace() {
        LogRecord event = event(Level.SEVERE, "text");
        event.setThrown(new IllegalStateException("why"));

        handler.publish(event);

        Map<String, String> fields = JournalFields.of(journal.next());
        assertThat(fields).containsEntry("PRIORITY", "3");
        assertThat(fields.get("MESSAGE"))
                .startsWith("text\njava.lang.IllegalStateException: why\n\tat ")
                .doesNotEndWith("\n");
    }

    @Test
    void givesToAnotherHandlerWhatTheJournalDoesNotTake() {
        LogRecord event = event(Level.INFO, "text");
        journal.isGone = true;

        handler.publish(event);

        assertThat(otherwise.events).containsExactly(event);
    }

    @Test
    void reachesASocketAsTheJournalHasIt(@TempDir Path directory) {
        Path path = directory.resolve("socket");
        try (DatagramReceiver receiver = DatagramReceiver.at(path)) {
            new JournalHandler(UnixDatagram.to(path.toString()), "the-agent", otherwise)
                    .publish(event(Level.FINE, "text"));

            assertThat(JournalFields.of(receiver.next(Duration.ofSeconds(10)).orElseThrow()))
                    .containsEntry("MESSAGE", "text")
                    .containsEntry("PRIORITY", "7");
        }
    }

    private static LogRecord event(Level level, String text) {
        LogRecord event = new LogRecord(level, text);
        event.setSourceClassName("com.example.Outer$Inner");
        event.setSourceMethodName("method");
        return event;
    }

    private static final class RecordingHandler extends Handler {

        private final List<LogRecord> events = new ArrayList<>();

        @Override
        public void publish(LogRecord event) {
            events.add(event);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
