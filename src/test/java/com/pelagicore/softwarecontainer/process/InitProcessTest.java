package com.pelagicore.softwarecontainer.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class InitProcessTest {

    /** As /proc/PID/stat of Linux 6.18 has it, with a name that plays tricks. */
    private static final String STAT = "4711 (a) R (b 1 2) S 1 4711 4711 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 465416"
            + " 1069056 176 18446744073709551615 1 1 0 0 0 0 0 0 0 0 0 0 17 1 0 0 0 0 0";

    @Test
    void readsTheStartTimeBehindANameWithBracketsAndBlanks() {
        assertThat(InitProcess.startTicks(STAT)).isEqualTo(465416);
    }

    @Test
    void knowsALivingProcessAgain() {
        InitProcess self = InitProcess.of(ProcessHandle.current().pid()).orElseThrow();

        assertThat(self.isAlive()).isTrue();
        assertThat(new InitProcess(self.pid(), self.startTicks() + 1).isAlive()).isFalse();
    }

    @Test
    void isEmptyForAPidThatNobodyHas() {
        assertThat(InitProcess.of(1L << 40)).isEmpty();
    }
}
