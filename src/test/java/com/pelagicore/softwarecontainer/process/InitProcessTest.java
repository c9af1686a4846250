package com.pelagicore.softwarecontainer.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InitProcessTest {

    private static final long OWN_PID = ProcessHandle.current().pid();

    @TempDir
    Path directory;

    @Test
    void readsTheStartTimeBehindANameWithBlanksAndBrackets() throws IOException {
        Path program = Files.copy(Path.of("/bin/sleep"), directory.resolve("a) S 1 (b"));
        Process process = new ProcessBuilder(program.toString(), "600").start();
        try {
            InitProcess found = InitProcess.of(process.pid()).orElseThrow();

            assertThat(found.isAlive()).isTrue();
            assertThat(found.startTicks())
                    .isGreaterThanOrEqualTo(
                            InitProcess.of(OWN_PID).orElseThrow().startTicks());
        } finally {
            process.destroyForcibly().onExit().join();
        }
    }

    @Test
    void tellsAProcessFromAnotherWithItsPid() {
        InitProcess own = InitProcess.of(OWN_PID).orElseThrow();

        assertThat(own.isAlive()).isTrue();
        assertThat(new InitProcess(OWN_PID, own.startTicks() - 1).isAlive()).isFalse();
    }

    @Test
    void findsNoProcessThatCannotBe() {
        assertThat(InitProcess.of(Integer.MAX_VALUE)).isEmpty();
    }
}
