package com.pelagicore.softwarecontainer.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.BufferedReader;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class StopSignalsTest {

    @Test
    @Timeout(60)
    void tellsOfEachSignalAndLeavesTheEndToTheProgram() throws Exception {
        Process program = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        StopSignalsProgram.class.getName())
                .redirectErrorStream(true)
                .start();
        try (BufferedReader output = program.inputReader()) {
            assertThat(output.readLine()).isEqualTo("waiting");

            for (String signal : List.of("TERM", "TERM", "INT", "HUP")) {
                new ProcessBuilder("kill", "-" + signal, Long.toString(program.pid()))
                        .start()
                        .waitFor();
                assertThat(output.readLine()).as(signal).isEqualTo("told");
            }

            assertThat(program.isAlive()).isTrue();
        } finally {
            program.destroyForcibly();
            assertThatCode(() -> program.waitFor(10, TimeUnit.SECONDS)).doesNotThrowAnyException();
        }
    }
}
