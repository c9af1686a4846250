package com.pelagicore.softwarecontainer.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.MDC;

class LogLineTest {

    private static final Instant MOMENT = Instant.parse("2026-11-22T12:31:07.123Z");
    private static final String TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSS").format(LocalTime.ofInstant(MOMENT, ZoneId.systemDefault()));

    private final LogLine forPeople = new LogLine(LogLine.Form.PEOPLE);
    private final LogLine forJournal = new LogLine(LogLine.Form.PREFIXED);

    @ParameterizedTest
    @CsvSource({"SEVERE, error, 3", "WARNING, warn, 4", "INFO, info, 6", "FINE, debug, 7", "FINEST, debug, 7"})
    void namesTheLevel(String level, String name, int priority) {
        LogRecord event = event(Level.parse(level), "text");

        assertThat(forPeople.format(event)).isEqualTo(TIME + " " + name + " text\n");
        assertThat(forJournal.format(event)).isEqualTo("<" + priority + ">text\n");
    }

    @Test
    void saysWhichContainerItIsAbout() {
        try (MDC.MDCCloseable container = MDC.putCloseable("container", "7")) {
            assertThat(container).isNotNull();
            assertThat(forPeople.format(event(Level.INFO, "text"))).isEqualTo(TIME + " info SC-7: text\n");
            assertThat(forJournal.format(event(Level.INFO, "text"))).isEqualTo("<6>SC-7: text\n");
        }
    }

    @Test
    void keepsThePriorityOnEachLineOfTheJournal() {
        LogRecord event = event(Level.SEVERE, "first\nsecond");

        assertThat(forPeople.format(event)).isEqualTo(TIME + " error first\nsecond\n");
        assertThat(forJournal.format(event)).isEqualTo("<3>first\n<3>second\n");
    }

    @Test
    void addsTheStackTrace() {
        LogRecord event = event(Level.SEVERE, "text");
        event.setThrown(new IllegalStateException("why"));

        assertThat(forPeople.format(event).lines())
                .startsWith(TIME + " error text", "java.lang.IllegalStateException: why")
                .element(2)
                .asString()
                .startsWith("\tat " + LogLineTest.class.getName());
        assertThat(forJournal.format(event).lines())
                .startsWith("<3>text", "<3>java.lang.IllegalStateException: why")
                .allMatch(line -> line.startsWith("<3>"));
    }

    private static LogRecord event(Level level, String text) {
        LogRecord event = new LogRecord(level, text);
        event.setInstant(MOMENT);
        return event;
    }
}
