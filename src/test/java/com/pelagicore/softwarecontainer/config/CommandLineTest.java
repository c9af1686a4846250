package com.pelagicore.softwarecontainer.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {

    @ParameterizedTest
    @ValueSource(strings = {"-c /x", "-c/x", "--config=/x", "--config /x", "-c /y -c /x", "-c /x --"})
    void readsEachFormOfAnOptionWithValue(String line) {
        CommandLine commandLine = parse(line);

        assertThat(commandLine.problems()).isEmpty();
        assertThat(commandLine.values()).isEqualTo(Map.of(Option.CONFIG, "/x"));
    }

    @Test
    void readsLettersInOneWord() {
        assertThat(parse("-bVc/x").values())
                .isEqualTo(Map.of(Option.SESSION_BUS, "", Option.VERSION, "", Option.CONFIG, "/x"));
    }

    @Test
    void takesAnEmptyValue() {
        assertThat(parse("--config=").values()).isEqualTo(Map.of(Option.CONFIG, ""));
    }

    @Test
    void takesAValueThatLooksLikeAnOption() {
        assertThat(parse("-t -5").values()).isEqualTo(Map.of(Option.TIMEOUT, "-5"));
    }

    @Test
    void takesAValueWithEquals() {
        assertThat(parse("--address=unix:path=/run/bus").values())
                .isEqualTo(Map.of(Option.ADDRESS, "unix:path=/run/bus"));
    }

    @Test
    void takesAnEmptyCommandLine() {
        CommandLine commandLine = CommandLine.parse(List.of());

        assertThat(commandLine.values()).isEmpty();
        assertThat(commandLine.problems()).isEmpty();
    }

    @Test
    void namesEverythingThatItDoesNotUnderstand() {
        CommandLine commandLine = parse("--nope=1 -bxV -😀 extra - --session-bus=yes --conf=/x -- -b --timeout");

        assertThat(commandLine.problems())
                .extracting(Problem::text)
                .containsExactly(
                        "unknown option '--nope'",
                        "unknown option '-x'",
                        "unknown option '-😀'",
                        "surplus argument 'extra'",
                        "surplus argument '-'",
                        "option '--session-bus' takes no value",
                        "unknown option '--conf'",
                        "surplus argument '-b'",
                        "surplus argument '--timeout'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-c", "--config"})
    void saysThatAValueIsMissing(String line) {
        assertThat(parse(line).problems())
                .extracting(Problem::text)
                .containsExactly("option '--config' needs a value: PATH");
    }

    @Test
    void takesAnEmptyArgumentForSurplus() {
        assertThat(CommandLine.parse(List.of("")).problems())
                .extracting(Problem::text)
                .containsExactly("surplus argument ''");
    }

    private static CommandLine parse(String line) {
        return CommandLine.parse(List.of(line.split(" ")));
    }
}
