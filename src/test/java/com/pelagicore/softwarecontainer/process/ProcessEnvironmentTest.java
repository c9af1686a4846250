package com.pelagicore.softwarecontainer.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProcessEnvironmentTest {

    @Test
    void hasNothingOfTheAgents() {
        assertThat(ProcessEnvironment.of(Map.of(), Map.of())).containsOnlyKeys("PATH", "container");
    }

    @Test
    void isStrongestWhereTheCallerSpeaks() {
        assertThat(ProcessEnvironment.of(Map.of("A", "granted", "PATH", "/granted"), Map.of("A", "caller")))
                .containsEntry("A", "caller")
                .containsEntry("PATH", "/granted");
    }

    @ParameterizedTest
    @CsvSource({"A=B,x,'A=B'", "=,x,'='", "'',x,empty name"})
    void rejectsANameThatIsNoneAndNamesIt(String name, String value, String inMessage) {
        assertThatThrownBy(() -> ProcessEnvironment.of(Map.of(), Map.of(name, value)))
                .hasMessageContaining(inMessage);
    }

    @Test
    void rejectsNulInNameAndValue() {
        assertThatThrownBy(() -> ProcessEnvironment.of(Map.of(), Map.of("A\0B", "x")))
                .hasMessageContaining("'A?B' contains NUL");
        assertThatThrownBy(() -> ProcessEnvironment.of(Map.of(), Map.of("A", "x\0")))
                .hasMessageContaining("'A' contains NUL");
    }
}
