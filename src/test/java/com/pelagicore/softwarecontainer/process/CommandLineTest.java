package com.pelagicore.softwarecontainer.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {

    /** Expected words as {@code sh -c 'printf "%s|" WORDS'} of dash prints them. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            ignoreLeadingAndTrailingWhitespace = false,
            quoteCharacter = '`',
            value = {
                "/bin/echo hello~/bin/echo|hello",
                "  a \t b  ~a|b",
                "'a b' c~a b|c",
                "\"a b\" c~a b|c",
                "a' 'b\" \"c~a b c",
                "a\\ b~a b",
                "'a\\b'~a\\b",
                "\"a\\b\"~a\\b",
                "\"a\\\"b\"~a\"b",
                "\"\\$x \\`y\\` \\\\\"~$x `y` \\",
                "echo $HOME *~echo|$HOME|*",
                "a;b|c>d~a;b|c>d",
            })
    void splitsLikeAShellAndExpandsNothing(String text, String words) {
        assertThat(String.join("|", CommandLine.split(text))).isEqualTo(words);
    }

    @Test
    void keepsEmptyWordsInQuotes() {
        assertThat(CommandLine.split("a '' \"\"")).isEqualTo(List.of("a", "", ""));
    }

    @Test
    void joinsLinesAtAnEscapedNewlineAndSplitsAtAnother() {
        assertThat(CommandLine.split("a\\\nb\nc")).isEqualTo(List.of("ab", "c"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\t\n"})
    void rejectsACommandLineWithoutWords(String text) {
        assertThatThrownBy(() -> CommandLine.split(text))
                .isInstanceOf(SoftwareContainerException.class)
                .hasMessage("The command line is empty")
                .extracting("kind")
                .isEqualTo(ErrorKind.INVALID_ARGUMENT);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {"a 'b~the ' at character 3", "a \"b~the \" at character 3", "\"a\\\"~the \" at character 1"})
    void rejectsAnUnbalancedQuoteAndSaysWhere(String text, String where) {
        assertThatThrownBy(() -> CommandLine.split(text))
                .isInstanceOf(SoftwareContainerException.class)
                .hasMessageContaining("unbalanced quote")
                .hasMessageContaining(where);
    }

    @Test
    void rejectsABackslashAtTheEnd() {
        assertThatThrownBy(() -> CommandLine.split("a \\")).hasMessageContaining("ends in a backslash");
    }
}
