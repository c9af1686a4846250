package com.pelagicore.softwarecontainer.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Code, shipped configuration, man pages and help know the same keys and options. */
class DocumentationTest {

    private static final Path SHIPPED = Path.of("conf/softwarecontainer-config");
    private static final Path KEYS_PAGE = Path.of("docs/man/softwarecontainer-config.5");
    private static final Path OPTIONS_PAGE = Path.of("docs/man/softwarecontainer-agent.8");

    @TempDir
    Path directory;

    @Test
    void theShippedFileHasEveryKeyOnceAndNoOther() throws IOException {
        assertThat(shippedKeys().keySet()).containsExactlyInAnyOrderElementsOf(keys());
        assertThat(find(Files.readString(SHIPPED), "(?m)^#?([a-z-]+)=")).hasSize(keys().size());
    }

    @Test
    void theManPageHasEveryKeyOnceWithItsTypeAndNoOther() throws IOException {
        List<String> items = find(manPage(KEYS_PAGE), "(?m)^\\.It Cm (\\S+ Ns = Ns Ar \\S+)$");

        assertThat(items)
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(ConfigKey.values())
                        .map(key -> key.key() + " Ns = Ns Ar " + key.type())
                        .toList());
        assertThat(find(manPage(KEYS_PAGE), "(?m)^\\.It (\\S+)")).hasSize(keys().size());
    }

    @ParameterizedTest
    @EnumSource(ConfigKey.class)
    void everyKeyHasTheSameDefaultEverywhere(ConfigKey key) throws IOException {
        String entry = manPage(KEYS_PAGE)
                .replaceFirst("(?s).*?\\.It Cm " + Pattern.quote(key.key()) + " Ns", "")
                .replaceFirst("(?s)\\.(It|El).*", "");

        assertThat(entry).contains("Default:");
        if (key.defaultText().isPresent()) {
            String text = key.defaultText().get();
            assertThat(entry).contains("Default:\n.Li " + text + " .");
            assertThat(shippedKeys()).containsEntry(key.key(), text);
        }
    }

    @Test
    void theShippedFileChangesNothing() throws IOException {
        assertThat(runWith(SHIPPED)).isEqualTo(runWith(Files.writeString(directory.resolve("empty"), "")));
        assertThat(KeyFile.parse(Files.readString(SHIPPED)).entries()).isEmpty();
    }

    @Test
    void theShippedFileIsSoundWithEveryKeySwitchedOn() throws IOException {
        String all = Files.readString(SHIPPED).replaceAll("(?m)^#([a-z-]+=)", "$1");
        Startup.Run run = runWith(Files.writeString(directory.resolve("all"), all));

        assertThat(run.config().network()).isEqualTo(runWith(SHIPPED).config().network());
        assertThat(run.warnings()).hasSize(1);
    }

    @Test
    void theManPageHasEveryOptionOnceAndNoOther() throws IOException {
        List<String> items = find(manPage(OPTIONS_PAGE), "(?m)^\\.It (Fl .*)$");

        assertThat(items)
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(Option.values())
                        .map(DocumentationTest::mdoc)
                        .toList());
    }

    @Test
    void theSynopsisHasEveryOption() throws IOException {
        String page = manPage(OPTIONS_PAGE);
        String synopsis = page.substring(page.indexOf(".Sh SYNOPSIS"), page.indexOf(".Sh DESCRIPTION"));
        Set<String> shown = new TreeSet<>(find(synopsis, "Fl ([A-Za-z-]+)"));

        Set<String> expected = Arrays.stream(Option.values())
                .filter(Option::takesValue)
                .map(option -> option.letter() == '\0' ? "-" + option.word() : String.valueOf(option.letter()))
                .collect(Collectors.toCollection(TreeSet::new));
        expected.add("bhV");
        expected.add("-check");
        assertThat(shown).isEqualTo(expected);
    }

    @Test
    void theHelpHasEveryOptionOnceAndNoOther() {
        List<String> words = find(HelpText.help(), "(?m)^  (?:-.,|   ) --([a-z-]+)");

        assertThat(words)
                .containsExactlyElementsOf(
                        Arrays.stream(Option.values()).map(Option::word).toList());
        assertThat(HelpText.help().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
    }

    @Test
    void everyOptionLetterIsUsedOnce() {
        assertThat(Arrays.stream(Option.values()).map(Option::letter).filter(letter -> letter != '\0'))
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"softwarecontainer-agent.8", "softwarecontainer-config.5", "softwarecontainer-service-manifest.5"
            })
    void theManPagesAreWellFormed(String page) throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/groff")), "groff is missing (apt-get install groff-base)");
        Path output = directory.resolve("groff.out");
        Process groff = new ProcessBuilder("groff", "-ww", "-mandoc", "-Tutf8", "-z", "docs/man/" + page)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();

        assertThat(groff.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(groff.exitValue()).isZero();
        assertThat(Files.readString(output)).isEmpty();
    }

    private Startup.Run runWith(Path file) {
        return (Startup.Run) new StartupReader(directory, directory.resolve("none"), "1")
                .read(List.of("-c", file.toAbsolutePath().toString()));
    }

    private static List<String> keys() {
        return Arrays.stream(ConfigKey.values()).map(ConfigKey::key).toList();
    }

    private static Map<String, String> shippedKeys() throws IOException {
        return Pattern.compile("(?m)^#?([a-z-]+)=(.*)$")
                .matcher(Files.readString(SHIPPED))
                .results()
                .collect(Collectors.toMap(
                        result -> result.group(1), result -> result.group(2), (a, b) -> b, LinkedHashMap::new));
    }

    private static String mdoc(Option option) {
        String value = option.argument().toLowerCase(Locale.ROOT);
        String word = "Fl -" + option.word() + (value.isEmpty() ? "" : " Ns = Ns Ar " + value);
        if (option.letter() == '\0') {
            return word;
        }
        return "Fl " + option.letter() + (value.isEmpty() ? "" : " Ar " + value) + " , " + word;
    }

    private static String manPage(Path page) throws IOException {
        return Files.readString(page).replace("\\-", "-");
    }

    private static List<String> find(String text, String regex) {
        Function<MatchResult, String> group = result -> result.group(1);
        return Pattern.compile(regex).matcher(text).results().map(group).toList();
    }
}
