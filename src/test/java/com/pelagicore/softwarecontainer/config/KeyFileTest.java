package com.pelagicore.softwarecontainer.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.pelagicore.softwarecontainer.config.KeyFile.Entry;
import com.pelagicore.softwarecontainer.config.KeyFile.Malformed;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyFileTest {

    @Test
    void readsGroupsAndKeysWithTheirLines() {
        KeyFile file = KeyFile.parse(
                """
                # a comment

                [one]
                a=1
                b = two words\s\s
                  [two]\s
                \tc\t=\t3
                """);

        assertThat(file.malformed()).isEmpty();
        assertThat(file.groups()).containsOnlyKeys("one", "two");
        assertThat(file.entries())
                .containsExactly(
                        new Entry("one", "a", "1", 4),
                        new Entry("one", "b", "two words", 5),
                        new Entry("two", "c", "3", 7));
    }

    @Test
    void readsLinesThatEndInCarriageReturn() {
        assertThat(KeyFile.parse("[g]\r\nk=v\r\n").entries()).containsExactly(new Entry("g", "k", "v", 2));
    }

    @Test
    void readsALastLineWithoutEnd() {
        assertThat(KeyFile.parse("[g]\nk=v").entries()).containsExactly(new Entry("g", "k", "v", 2));
    }

    @Test
    void takesTheLastOfAKeyGivenTwiceAndMergesGroups() {
        KeyFile file = KeyFile.parse("[g]\nk=1\n[h]\nk=2\n[g]\nk=3\nl=4\n");

        assertThat(file.entries())
                .containsExactly(new Entry("g", "k", "3", 6), new Entry("h", "k", "2", 4), new Entry("g", "l", "4", 7));
    }

    @Test
    void replacesEscapes() {
        assertThat(KeyFile.parse("[g]\nk=\\sa\\nb\\tc\\rd\\\\e\\s").entries())
                .containsExactly(new Entry("g", "k", " a\nb\tc\rd\\e ", 2));
    }

    @Test
    void takesEmptyValuesAndValuesWithEqualsAndHash() {
        assertThat(KeyFile.parse("[g]\na=\nb=x=y#z\n").entries())
                .containsExactly(new Entry("g", "a", "", 2), new Entry("g", "b", "x=y#z", 3));
    }

    @Test
    void leavesOutTranslations() {
        KeyFile file = KeyFile.parse("[g]\nk[de]=eins\nk[sr@latin]=jedan\nk=one\n");

        assertThat(file.malformed()).isEmpty();
        assertThat(file.entries()).containsExactly(new Entry("g", "k", "one", 4));
    }

    @Test
    void readsAnEmptyFile() {
        KeyFile file = KeyFile.parse("");

        assertThat(file.entries()).isEmpty();
        assertThat(file.malformed()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    [g            | '[g' is not a group like '[name]'
                    []            | '[]' is not a group like '[name]'
                    [g] x         | '[g] x' is not a group like '[name]'
                    [g[h]]        | '[g[h]]' is not a group like '[name]'
                    word          | 'word' is not 'key = value', a group or a comment
                    = v           | there is no key before '='
                    k[=v          | 'k[' is not a key
                    k[]=v         | 'k[]' is not a key
                    k=a\\qb       | '\\q' is none of the escapes \\s \\n \\t \\r \\\\
                    k=a\\         | the value ends in a lone '\\'
                    """)
    void tellsTheLineOfWhatIsMalformed(String line, String reason) {
        KeyFile file = KeyFile.parse("[good]\n" + line + "\nafter=1\n");

        assertThat(file.malformed()).containsExactly(new Malformed(2, reason));
        assertThat(file.entries()).containsExactly(new Entry("good", "after", "1", 3));
    }

    @Test
    void refusesAKeyBeforeTheFirstGroup() {
        assertThat(KeyFile.parse("k=v\n[g]\n").malformed())
                .containsExactly(new Malformed(1, "key 'k' stands before the first group"));
    }

    @Test
    void tellsAllMalformedLines() {
        assertThat(KeyFile.parse("x\n[g]\ny\nz\n").malformed())
                .extracting(Malformed::line)
                .isEqualTo(List.of(1, 3, 4));
    }

    @Test
    void doesNotEchoMuchOfABinaryFile() {
        List<Malformed> malformed = KeyFile.parse("\0\1".repeat(500_000)).malformed();

        assertThat(malformed)
                .singleElement()
                .extracting(Malformed::reason)
                .asString()
                .hasSizeLessThan(1000);
    }
}
