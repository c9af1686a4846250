package com.pelagicore.softwarecontainer.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.pelagicore.softwarecontainer.bus.Variant;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

/** From words of the command line to values, and from values to words for people. */
class ConvertersTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "65536, 65536",
        "64K, 65536",
        "100M, 104857600",
        "1g, 1073741824",
        "2MiB, 2097152",
        "2MB, 2097152"
    })
    void readsSizes(String text, long bytes) {
        assertThat(new ByteSize().convert(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "M", "-1", "1.5M", "1T", "1 M", "1234567890123456", "999999999999999G"})
    void refusesWhatIsNoSize(String text) {
        assertThatThrownBy(() -> new ByteSize().convert(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageContaining("'" + text + "'");
    }

    @ParameterizedTest
    @CsvSource({"0, 0 B", "1023, 1023 B", "1024, 1.0 KiB", "12897485, 12.3 MiB", "4398046511104, 4096.0 GiB"})
    void writesSizes(long bytes, String text) {
        assertThat(ByteSize.format(bytes)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "500ms, 500", "10s, 10000", "10, 10000", "2m, 120000", "1h, 3600000"})
    void readsTimes(String text, long millis) {
        assertThat(new TimeSpan().convert(text)).isEqualTo(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "s", "-1s", "1.5s", "1d", "61m", "99999999"})
    void refusesWhatIsNoTime(String text) {
        assertThatThrownBy(() -> new TimeSpan().convert(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageContaining("'" + text + "'");
    }

    @ParameterizedTest
    @CsvSource({"-5, 0s", "0, 0s", "59, 59s", "60, 1m0s", "3599, 59m59s", "3600, 1h0m", "90000, 1d1h"})
    void writesTimes(long seconds, String text) {
        assertThat(TimeSpan.format(Duration.ofSeconds(seconds))).isEqualTo(text);
    }

    @Test
    void readsNumbersOfContainers() {
        assertThat(new ContainerNumber().convert("7")).isEqualTo(7);
        assertThat(new ContainerNumber().convert("SC-12")).isEqualTo(12);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "-1", "SC-", "sc-1", "1234567890"})
    void refusesWhatIsNoNumberOfAContainer(String text) {
        assertThatThrownBy(() -> new ContainerNumber().convert(text)).isInstanceOf(TypeConversionException.class);
    }

    @Test
    void readsMounts() {
        assertThat(mount("/a:/b")).isEqualTo(new MountSpec("/a", "/b", true));
        assertThat(mount("/a:/b:ro")).isEqualTo(new MountSpec("/a", "/b", true));
        assertThat(mount("a/b:/c:rw")).isEqualTo(new MountSpec("a/b", "/c", false));
        assertThat(mount("/a\\:b:/c\\:rw")).isEqualTo(new MountSpec("/a:b", "/c:rw", true));
        assertThat(mount("/a\\b:/c")).isEqualTo(new MountSpec("/a\\b", "/c", true));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/a", "/a:/b:/c", "/a:/b:rx", "/a:/b:rw:ro"})
    void refusesWhatIsNoMount(String text) {
        assertThatThrownBy(() -> mount(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageContaining("'" + text + "'");
    }

    @Test
    void takesARelativePathAsSeenFromWhereTheToolWasCalled() {
        assertThat(mount("data:/b:rw").toWire(Path.of("/home/me")))
                .isEqualTo(List.of("/home/me/data", "/b", Map.of("ReadOnly", new Variant("b", false))));
        assertThat(mount("/data:/b").toWire(Path.of("/home/me")))
                .isEqualTo(List.of("/data", "/b", Map.of("ReadOnly", new Variant("b", true))));
    }

    private static MountSpec mount(String text) {
        return new MountSpec.Converter().convert(text);
    }
}
