package com.pelagicore.softwarecontainer.linux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProcessStatTest {

    @Test
    void readsTheStartTimeBehindANameWithBlanksAndBrackets() {
        String stat =
                "42 (a) (b c) S 1 42 42 0 -1 4194560 100 200 0 0 5 6 0 0 20 0 1 0 987654 2500000 300 18446744073709551615";

        assertThat(ProcessStat.parseStartTicks(stat)).isEqualTo(987_654);
    }

    @Test
    void findsItselfAndNotAProcessThatCannotBe() {
        assertThat(ProcessStat.startTicks(ProcessHandle.current().pid())).isPresent();
        assertThat(ProcessStat.startTicks(Integer.MAX_VALUE)).isEmpty();
    }
}
