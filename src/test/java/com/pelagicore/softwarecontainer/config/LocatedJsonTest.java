package com.pelagicore.softwarecontainer.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class LocatedJsonTest {

    @Test
    void readsEveryTypeOfValue() {
        String text =
                "{\"s\":\"ü\\n\",\"i\":-9223372036854775808,\"d\":1.5,\"t\":true,\"f\":false,\"n\":null,\"a\":[1]}";

        assertThat(LocatedJson.parse(text).root()).hasToString(text);
    }

    @Test
    void remembersTheLineOfObjectsAndArrays() {
        LocatedJson json = LocatedJson.parse(
                """
                {
                  "a": [
                    {}, 5,

                    {"b": []}
                  ]
                }
                """);

        JsonNode root = json.root();
        JsonNode array = root.get("a");
        assertThat(json.lineOf(root, root)).isEqualTo(1);
        assertThat(json.lineOf(array, root)).isEqualTo(2);
        assertThat(json.lineOf(array.get(0), array)).isEqualTo(3);
        assertThat(json.lineOf(array.get(1), array)).isEqualTo(2);
        assertThat(json.lineOf(array.get(2), array)).isEqualTo(5);
        assertThat(json.lineOf(array.get(2).get("b"), array)).isEqualTo(5);
    }

    @Test
    void takesTheLastOfAKeyGivenTwice() {
        assertThat(LocatedJson.parse("{\"a\":1,\"a\":2}").root()).hasToString("{\"a\":2}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    ''                    | 1 | there is nothing but white space
                    ' '                   | 1 | there is nothing but white space
                    [1] x                 | 1 | Unrecognized token 'x'
                    [1] [2]               | 1 | there is more after the end
                    [1,]                  | 1 | Unexpected character (']'
                    {"a" 1}               | 1 | Unexpected character ('1'
                    {'a': 1}              | 1 | Unexpected character (''
                    {a: 1}                | 1 | Unexpected character ('a'
                    [1                    | 1 | Unexpected end-of-input
                    {"a": "x              | 1 | Unexpected end-of-input
                    [NaN]                 | 1 | Non-standard token 'NaN'
                    [Infinity]            | 1 | Non-standard token 'Infinity'
                    [-Infinity]           | 1 | Non-standard token '-Infinity'
                    [1e999]               | 1 | a number is too big
                    [-1e999999999999]     | 1 | a number is too big
                    [9223372036854775808] | 1 | an integer is too big
                    [01]                  | 1 | Invalid numeric value
                    [.5]                  | 1 | Unexpected character ('.'
                    [+1]                  | 1 | Unexpected character ('+'
                    // comment            | 1 | Unexpected character ('/'
                    ["\\x"]               | 1 | Unrecognized character escape 'x'
                    ["\\ud800"]           | 1 | a string contains half a surrogate pair
                    ["\\udc00x"]          | 1 | a string contains half a surrogate pair
                    {"\\ud800":1}         | 1 | Broken surrogate pair in property name
                    """)
    void saysWhereAndWhyATextIsNotJson(String text, int line, String reason) {
        InvalidJson error = defectOf(text);

        assertThat(error.line()).isEqualTo(line);
        assertThat(error.reason()).startsWith(reason).doesNotContain("`", "Source", "eature");
    }

    @Test
    void countsLinesAndColumnsFromOne() {
        InvalidJson error = defectOf("{\n  \"a\": 1,\n  \"b\": ?\n}");

        assertThat(error.line()).isEqualTo(3);
        assertThat(error.column()).isEqualTo(8);
    }

    @Test
    void refusesAByteOrderMark() {
        assertThat(defectOf("\uFEFF[]").reason()).isEqualTo("the text begins with a byte order mark");
    }

    @Test
    void refusesControlCharactersInStrings() {
        assertThat(defectOf("[\"a\nb\"]").reason()).contains("CTRL-CHAR, code 10");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{\"a\":", "[{\"a\":"})
    void refusesDeepNesting(String opening) {
        InvalidJson error =
                Assertions.assertTimeoutPreemptively(Duration.ofSeconds(10), () -> defectOf(opening.repeat(100_000)));

        assertThat(error.reason()).isEqualTo("Document nesting depth (101) exceeds the maximum allowed (100)");
    }

    @Test
    void readsNestingUpToTheLimit() {
        assertThat(LocatedJson.parse("[".repeat(100) + "]".repeat(100)).root().isArray())
                .isTrue();
    }

    @Test
    void refusesEndlessNumbersInBoundedTime() {
        InvalidJson error = Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(10), () -> defectOf("[" + "9".repeat(1_000_000) + "]"));

        assertThat(error.reason()).startsWith("Number value length (1000000) exceeds the maximum allowed (1000)");
    }

    @Test
    void readsALongString() {
        String text = "x".repeat(1_000_000);

        assertThat(LocatedJson.parse("[\"" + text + "\"]").root().get(0).stringValue())
                .isEqualTo(text);
    }

    @Test
    void readsManyKeysInBoundedTime() {
        StringBuilder text = new StringBuilder("{\"k\":0");
        for (int i = 0; i < 40_000; i++) {
            text.append(",\"k").append(i).append("\":0");
        }

        LocatedJson json = Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(20), () -> LocatedJson.parse(text.append('}').toString()));

        assertThat(json.root().size()).isEqualTo(40_001);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[],", "{},", "0,"})
    void refusesTextsThatWouldFillTheHeap(String element) {
        assertThat(defectOf("[" + element.repeat(1_000_000)).reason())
                .isEqualTo("Token count (100001) exceeds the maximum allowed (100000)");
    }

    @Test
    void doesNotEchoMuchOfTheText() {
        assertThat(defectOf("x".repeat(1_000_000)).reason()).hasSizeLessThan(210);
    }

    private static InvalidJson defectOf(String text) {
        return catchThrowableOfType(InvalidJson.class, () -> LocatedJson.parse(text));
    }
}
