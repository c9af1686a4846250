package com.pelagicore.softwarecontainer.capability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.pelagicore.softwarecontainer.config.Problem;
import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import com.pelagicore.softwarecontainer.spec.GatewayConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatalogueTest {

    private static final Path NONE = Path.of("");

    @TempDir
    Path directory;

    private Path services;
    private Path defaults;

    @BeforeEach
    void makeDirectories() throws IOException {
        services = Files.createDirectory(directory.resolve("services"));
        defaults = Files.createDirectory(directory.resolve("defaults"));
    }

    @Test
    void listsNamesInTheOrderOfTheirBytes() throws IOException {
        manifest(services, "a.json", capability("ä"), capability("b"), capability(""), capability("B c"));
        manifest(services, "b.json", capability("😀"), capability("\uFF5E"), capability("a"));

        assertThat(load().names()).containsExactly("", "B c", "a", "b", "ä", "\uFF5E", "😀");
    }

    @Test
    void takesAnEmptyDirectoryAnEmptyPathAndOtherFiles() throws IOException {
        Files.writeString(services.resolve("README"), "not JSON");
        Files.writeString(services.resolve(".json"), "not JSON");
        Files.writeString(services.resolve("x.json~"), "not JSON");
        Files.createDirectory(services.resolve("sub.d"));

        assertThat(Catalogue.load(services, NONE).names()).isEmpty();
        assertThat(Catalogue.load(NONE, defaults).configurationOf(List.of())).isEmpty();
    }

    @Test
    void takesASingleFile() throws IOException {
        Path file = manifest(services, "one.json", capability("one"));
        manifest(services, "two.json", capability("two"));

        assertThat(Catalogue.load(file, NONE).names()).containsExactly("one");
    }

    @Test
    void followsLinksToManifestsAndDirectories() throws IOException {
        Path file = manifest(directory, "real.json", capability("linked"));
        Files.createSymbolicLink(services.resolve("link.json"), file);
        Path link = Files.createSymbolicLink(directory.resolve("link"), services);

        assertThat(Catalogue.load(link, NONE).names()).containsExactly("linked");
    }

    @Test
    void combinesACapabilityOfSeveralFilesInTheOrderOfTheirNames() throws IOException {
        manifest(services, "b.json", capability("x", gateway("env", 3)), capability("x", gateway("file", 4)));
        manifest(services, "a.json", capability("x", gateway("env", 1), gateway("env", 2)));
        manifest(services, "B.json", capability("x", gateway("env", 0)));

        assertThat(load().configurationOf(List.of("x")))
                .extracting(CatalogueTest::summary)
                .containsExactly("env 0", "env 1", "env 2", "env 3", "file 4");
    }

    @Test
    void putsDefaultsInTheOrderOfTheirNamesBeforeTheOthersAsGiven() throws IOException {
        manifest(defaults, "1.json", capability("z", gateway("env", 2)), capability("m", gateway("env", 1)));
        manifest(services, "1.json", capability("a", gateway("env", 4)), capability("b", gateway("env", 3)));

        assertThat(load().configurationOf(List.of("b", "a", "b")))
                .extracting(CatalogueTest::summary)
                .containsExactly("env 1", "env 2", "env 3", "env 4");
        assertThat(load().configurationOf(List.of()))
                .extracting(CatalogueTest::summary)
                .containsExactly("env 1", "env 2");
    }

    @Test
    void doesNotListDefaultsNorLetThemBeNamed() throws IOException {
        manifest(defaults, "1.json", capability("hidden"));

        assertThat(load().names()).isEmpty();
        assertThat(refusalOf("hidden").getMessage()).isEqualTo("One or more capabilities were not found: 'hidden'");
    }

    @Test
    void keepsADefaultApartFromACapabilityOfTheSameName() throws IOException {
        manifest(defaults, "1.json", capability("x", gateway("env", 1)));
        manifest(services, "1.json", capability("x", gateway("env", 2)));

        assertThat(load().configurationOf(List.of()))
                .extracting(CatalogueTest::summary)
                .containsExactly("env 1");
        assertThat(load().configurationOf(List.of("x")))
                .extracting(CatalogueTest::summary)
                .containsExactly("env 1", "env 2");
    }

    @Test
    void knowsCapabilitiesWithoutGateways() throws IOException {
        manifest(services, "a.json", capability("nothing"));

        assertThat(load().configurationOf(List.of("nothing"))).isEmpty();
    }

    @Test
    void refusesUnknownNamesAndNamesAllOfThem() throws IOException {
        manifest(services, "a.json", capability("known"));

        SoftwareContainerException refusal = refusalOf("no.such", "known", "", "no.such");

        assertThat(refusal.kind()).isEqualTo(ErrorKind.NOT_FOUND);
        assertThat(refusal).hasMessage("One or more capabilities were not found: 'no.such', ''");
    }

    @Test
    void doesNotEchoManyOrHugeNames() {
        String[] names =
                IntStream.range(0, 100_000).mapToObj(i -> i + "x".repeat(50)).toArray(String[]::new);

        assertThat(refusalOf(names))
                .hasMessageEndingWith(" and 99990 more")
                .message()
                .hasSizeLessThan(1000);
        assertThat(refusalOf("x".repeat(1_000_000))).message().hasSizeLessThan(300);
    }

    @Test
    void tellsWhereEachConfigurationIsWritten() throws IOException {
        Path file = Files.writeString(
                services.resolve("a.json"),
                """
                {
                  "version": {"ignored": 1},
                  "capabilities": [
                    { "name": "x",
                      "gateways": [
                        { "id": "env",
                          "config": [
                            { "name": "A" },
                            "scalar",
                            { "name": "B" } ] } ] } ]
                }
                """);

        GatewayConfig config = load().configurationOf(List.of("x")).get(0);

        assertThat(config.gateway()).isEqualTo("env");
        assertThat(config.capability()).isEqualTo("x");
        assertThat(config.file()).isEqualTo(file);
        assertThat(config.line()).isEqualTo(6);
        assertThat(config.elements()).extracting(GatewayConfig.Element::line).containsExactly(8, 7, 10);
    }

    @Test
    void refusesTheRootDirectory() {
        assertThat(problemsOf(Path.of("/"), NONE))
                .containsExactly("/: Searching for configuration files from root dir not allowed");
    }

    @Test
    void refusesAFileThatIsNotJsonByName() throws IOException {
        Path file = Files.writeString(directory.resolve("manifest.txt"), "{}");

        assertThat(problemsOf(file, NONE)).containsExactly(file + ": Path to service manifest is not a json file");
    }

    @Test
    void refusesAMissingPathAndADevice() {
        Path missing = directory.resolve("missing.json");

        assertThat(problemsOf(missing, Path.of("/dev/null")))
                .containsExactly(
                        missing + ": The path to the service manifest(s) is not a directory or file",
                        "/dev/null: The path to the service manifest(s) is not a directory or file");
    }

    @Test
    void tellsAllDefectsOfAllFiles() throws IOException {
        Files.writeString(services.resolve("a.json"), "{\n\n ?");
        Files.writeString(services.resolve("b.json"), "[]");
        Files.writeString(defaults.resolve("c.json"), "{}");
        manifest(services, "d.json", capability("fine"));

        assertThat(problemsOf(services, defaults))
                .hasSize(3)
                .satisfiesExactly(
                        first -> assertThat(first)
                                .startsWith(services.resolve("a.json") + ":3: Could not parse the service manifest: "),
                        second -> assertThat(second)
                                .isEqualTo(services.resolve("b.json")
                                        + ":1: The service manifest root is not a json object"),
                        third -> assertThat(third)
                                .isEqualTo(defaults.resolve("c.json")
                                        + ":1: Could not parse the \"capability\" object: 'capabilities' is missing"));
    }

    @Test
    void hasOneLinePerDefectInItsMessage() throws IOException {
        Files.writeString(services.resolve("a.json"), "[]");
        Files.writeString(services.resolve("b.json"), "[]");

        InvalidManifests error = catchThrowableOfType(InvalidManifests.class, this::load);

        assertThat(error.getMessage().lines()).hasSize(2);
    }

    private Catalogue load() {
        return Catalogue.load(services, defaults);
    }

    private SoftwareContainerException refusalOf(String... names) {
        Catalogue catalogue = load();
        return catchThrowableOfType(SoftwareContainerException.class, () -> catalogue.configurationOf(List.of(names)));
    }

    private static List<String> problemsOf(Path services, Path defaults) {
        InvalidManifests error = catchThrowableOfType(InvalidManifests.class, () -> Catalogue.load(services, defaults));
        return error.problems().stream().map(Problem::toString).toList();
    }

    private static Path manifest(Path directory, String name, String... capabilities) throws IOException {
        String text = "{\"capabilities\": [" + String.join(",", capabilities) + "]}";
        return Files.writeString(directory.resolve(name), text);
    }

    private static String capability(String name, String... gateways) {
        return "{\"name\": \"" + name + "\", \"gateways\": [" + String.join(",", gateways) + "]}";
    }

    private static String gateway(String id, int mark) {
        return "{\"id\": \"" + id + "\", \"config\": [{\"mark\": " + mark + "}]}";
    }

    private static String summary(GatewayConfig config) {
        return config.gateway() + " " + config.elements().get(0).json().get("mark");
    }
}
