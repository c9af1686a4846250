package com.pelagicore.softwarecontainer.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ContainerOptionsParserTest {

    private static final String BUFFER_ON = "[{\"writeBufferEnabled\":true,\"temporaryFileSystemWriteBufferEnabled\":";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                " [ ] \n",
                "[{\"writeBufferEnabled\":false}]",
                "[{\"writeBufferEnabled\":true},{\"writeBufferEnabled\":false}]",
                "[{\"writeBufferEnabled\":true,\"writeBufferEnabled\":false}]",
                "[{\"writeBufferEnabled\":false,\"unknown\":[{}]}]",
                "[{\"writeBufferEnabled\":false,\"temporaryFileSystemWriteBufferEnabled\":true}]",
                "[{\"writeBufferEnabled\":false,\"temporaryFileSystemSize\":\"not read\"}]"
            })
    void readsContainersWithoutWriteBuffer(String config) {
        assertThat(ContainerOptionsParser.parse(config)).isEqualTo(new ContainerOptions(false, OptionalLong.empty()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[{\"writeBufferEnabled\":true}]",
                "[{\"writeBufferEnabled\":false},{\"writeBufferEnabled\":true}]",
                BUFFER_ON + "false}]",
                BUFFER_ON + "false,\"temporaryFileSystemSize\":\"not read\"}]",
                "[{\"writeBufferEnabled\":true,\"temporaryFileSystemSize\":4096}]"
            })
    void readsContainersWithAWriteBufferOnDisk(String config) {
        assertThat(ContainerOptionsParser.parse(config)).isEqualTo(new ContainerOptions(true, OptionalLong.empty()));
    }

    @Test
    void honoursTheTemporaryFileSystem() {
        assertThat(ContainerOptionsParser.parse(BUFFER_ON + "true,\"temporaryFileSystemSize\":4096}]"))
                .isEqualTo(new ContainerOptions(true, OptionalLong.of(4096)));
    }

    @Test
    void hasADefaultForTheSizeOfTheTemporaryFileSystem() {
        assertThat(ContainerOptionsParser.parse(BUFFER_ON + "true}]"))
                .isEqualTo(new ContainerOptions(true, OptionalLong.of(104_857_600)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    ''                              | Empty JSON config strings are not supported.
                    ' '                             | Could not parse config: there is nothing but white space, line 1 column 1
                    x                               | Could not parse config: Unrecognized token 'x'
                    [] x                            | Could not parse config: Unrecognized token 'x'
                    [1e999]                         | Could not parse config: a number is too big, line 1 column 2
                    [NaN]                           | Could not parse config: Non-standard token 'NaN'
                    {}                              | Root JSON element is not an array
                    true                            | Root JSON element is not an array
                    [[]]                            | Configure entry is not an object
                    [null]                          | Configure entry is not an object
                    [{"writeBufferEnabled":true},1] | Configure entry is not an object
                    [{}]                            | Could not parse config due to: 'writeBufferEnabled' not found.
                    [{"writeBufferEnabled":1}]      | Could not parse config due to: 'writeBufferEnabled' not found.
                    [{"writeBufferEnabled":"true"}] | Could not parse config due to: 'writeBufferEnabled' not found.
                    [{"writeBufferEnabled":null}]   | Could not parse config due to: 'writeBufferEnabled' not found.
                    [{},{"writeBufferEnabled":true}] | Could not parse config due to: 'writeBufferEnabled' not found.
                    """)
    void refusesWhatTheOriginalRefused(String config, String message) {
        assertThat(refusalOf(config)).startsWith(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    "true"  | the string 'true'.
                    1       | 1.
                    null    | null.
                    []      | an array.
                    {}      | an object.
                    """)
    void refusesAWrongTypeOfTheTemporaryFlag(String value, String shown) {
        assertThat(refusalOf(BUFFER_ON + value + "}]"))
                .startsWith("Could not parse config due to: 'temporaryFileSystemWriteBufferEnabled' must be true or"
                        + " false, not " + shown);
    }

    @Test
    void readsWhetherTheContainerIsToHaveThePrivilegesOfEarlierReleases() {
        String config = "[{\"writeBufferEnabled\":true,\"confinement\":\"%s\"}]";

        assertThat(ContainerOptionsParser.parse(config.formatted("legacy")))
                .isEqualTo(new ContainerOptions(true, OptionalLong.empty(), OptionalInt.empty(), true, false));
        assertThat(ContainerOptionsParser.parse(config.formatted("default")))
                .isEqualTo(new ContainerOptions(true, OptionalLong.empty(), OptionalInt.empty(), false, false));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    "none"  | the string 'none'.
                    true    | true.
                    null    | null.
                    """)
    void refusesAnUnknownConfinement(String value, String shown) {
        assertThat(refusalOf("[{\"writeBufferEnabled\":true,\"confinement\":" + value + "}]"))
                .isEqualTo(
                        "Could not parse config due to: 'confinement' must be \"default\" or \"legacy\", not " + shown);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "1.5", "1e3", "\"4096\"", "true", "null", "[1]", "{}"})
    void refusesABadSizeOfTheTemporaryFileSystem(String value) {
        assertThat(refusalOf(BUFFER_ON + "true,\"temporaryFileSystemSize\":" + value + "}]"))
                .startsWith("Could not parse config due to: 'temporaryFileSystemSize' must be an integer number of"
                        + " bytes, 1 or more, not ");
    }

    @Test
    void readsTheUserOnTheHostsBuses() {
        assertThat(ContainerOptionsParser.parse("[{\"writeBufferEnabled\":false,\"dbusUid\":990}]"))
                .isEqualTo(new ContainerOptions(false, OptionalLong.empty(), OptionalInt.of(990), false, false));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "1.5", "4294967296", "\"990\"", "null", "[1]"})
    void refusesABadUser(String value) {
        assertThat(refusalOf("[{\"writeBufferEnabled\":false,\"dbusUid\":" + value + "}]"))
                .startsWith("Could not parse config due to: 'dbusUid' must be a user id, 1 or more, not ");
    }

    @Test
    void refusesASizeBeyond64Bits() {
        assertThat(refusalOf(BUFFER_ON + "true,\"temporaryFileSystemSize\":9223372036854775808}]"))
                .startsWith("Could not parse config: an integer is too big");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x",
                "[\"",
                "[",
                "{\"a\":",
                "\uFEFF",
                BUFFER_ON + "\"",
                "[{\"writeBufferEnabled\":\"",
                "\0",
                "9",
                "\n"
            })
    void answersHugeTextsShortly(String part) {
        assertThat(refusalOf(part + part.repeat(1_000_000 / part.length()))).hasSizeLessThan(400);
        assertThat(refusalOf(part + "y".repeat(1_000_000))).hasSizeLessThan(400);
        assertThat(refusalOf(part + "y".repeat(1_000_000) + "\"}]")).hasSizeLessThan(400);
    }

    private static String refusalOf(String config) {
        SoftwareContainerException refusal =
                catchThrowableOfType(SoftwareContainerException.class, () -> ContainerOptionsParser.parse(config));
        assertThat(refusal.kind()).isEqualTo(ErrorKind.INVALID_ARGUMENT);
        return String.valueOf(refusal.getMessage());
    }
}
