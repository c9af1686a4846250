package com.pelagicore.softwarecontainer.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class InitProcessTest {

    private static final long OWN_PID = ProcessHandle.current().pid();

    /** Beyond PID_MAX_LIMIT of 64-bit kernels. */
    private static final long NO_PID = 1L << 22;

    @Test
    void isAliveAsLongAsItsProcess() {
        InitProcess own = InitProcess.of(OWN_PID).orElseThrow();

        assertThat(own.pid()).isEqualTo(OWN_PID);
        assertThat(own.startTicks()).isPositive();
        assertThat(own.isAlive()).isTrue();
    }

    @Test
    void isDeadIfAnotherProcessHasItsPid() {
        InitProcess own = InitProcess.of(OWN_PID).orElseThrow();

        assertThat(new InitProcess(OWN_PID, own.startTicks() - 1).isAlive()).isFalse();
    }

    @Test
    void isDeadIfThereIsNoSuchProcess() {
        assertThat(InitProcess.of(NO_PID)).isEmpty();
        assertThat(new InitProcess(NO_PID, 1).isAlive()).isFalse();
    }
}
