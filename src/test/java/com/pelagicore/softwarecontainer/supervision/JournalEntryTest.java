package com.pelagicore.softwarecontainer.supervision;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class JournalEntryTest {

    @Test
    void writesALineForEachField() {
        byte[] bytes = new JournalEntry()
                .with("MESSAGE", "größer=besser")
                .with("PRIORITY", "6")
                .bytes();

        assertThat(new String(bytes, StandardCharsets.UTF_8)).isEqualTo("MESSAGE=größer=besser\nPRIORITY=6\n");
    }

    @Test
    void saysTheLengthOfAValueOfSeveralLines() {
        byte[] bytes = new JournalEntry().with("MESSAGE", "ä\nb").bytes();

        assertThat(bytes).isEqualTo("MESSAGE\n\4\0\0\0\0\0\0\0ä\nb\n".getBytes(StandardCharsets.UTF_8));
    }
}
