package com.pelagicore.softwarecontainer.capability;

import static org.assertj.core.api.Assertions.assertThat;

import com.pelagicore.softwarecontainer.config.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestReaderTest {

    @TempDir
    Path directory;

    @Test
    void tellsEveryDefectOfAFileWithItsLine() throws IOException {
        assertThat(
                        problemsOf(
                                """
                {
                  "capabilities": [
                    "scalar",
                    {
                      "gateways": []
                    },
                    {
                      "name": 7,
                      "gateways": {}
                    },
                    {
                      "name": "a\\u0000b",
                      "gateways": [
                        5,
                        {
                          "config": []
                        },
                        {
                          "id": ["env"],
                          "config": []
                        },
                        {
                          "id": "env"
                        },
                        {
                          "id": "file",
                          "config":
                            {}
                        }
                      ]
                    },
                    { "name": "no gateways" }
                  ]
                }
                """))
                .containsExactly(
                        "2: A \"capability\" in the Service Manifest is not a json object",
                        "4: Could not read the name of the \"capability\" object: 'name' is missing",
                        "7: Could not read the name of the \"capability\" object: 'name' must be a string",
                        "9: The \"gateway\" object is not an array: 'gateways' in a capability without name must be an"
                                + " array",
                        "11: Could not read the name of the \"capability\" object: 'name' contains NUL",
                        "13: A \"gateway\" in the Service Manifest is not a json object",
                        "15: Could not read the ID of the \"gateway\" object in the Service Manifest: 'id' is missing",
                        "18: Could not read the ID of the \"gateway\" object in the Service Manifest: 'id' must be a"
                                + " string",
                        "22: Could not read the \"gateway\" object's configuration element (env): 'config' is missing",
                        "28: The \"gateway\" object's configuration is not an array (file): 'config' must be an array",
                        "32: Could not read the \"gateway\" objects in 'no gateways': 'gateways' is missing");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    ''                       | 1: Could not parse the service manifest: there is nothing but white space
                    x                        | 1: Could not parse the service manifest: Unrecognized token 'x'
                    {"capabilities": [1e999]} | 1: Could not parse the service manifest: a number is too big
                    {"capabilities": [NaN]}  | 1: Could not parse the service manifest: Non-standard token 'NaN'
                    []                       | 1: The service manifest root is not a json object
                    "text"                   | 1: The service manifest root is not a json object
                    {}                       | 1: Could not parse the "capability" object: 'capabilities' is missing
                    {"capabilities": null}   | 1: The "capability" key does not point to an array
                    {"capabilities": {}}     | 1: The "capability" key does not point to an array
                    """)
    void refusesWhatIsNotAManifest(String text, String problem) throws IOException {
        assertThat(problemsOf(text)).singleElement().asString().startsWith(problem);
    }

    @Test
    void refusesAByteOrderMark() throws IOException {
        assertThat(problemsOf("\uFEFF{\"capabilities\": []}"))
                .containsExactly("1: Could not parse the service manifest: the text begins with a byte order mark,"
                        + " column 1");
    }

    @Test
    void refusesDeepNestingInBoundedTime() {
        List<String> problems = Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(10), () -> problemsOf("{\"capabilities\":\n" + "[".repeat(100_000)));

        assertThat(problems).singleElement().asString().startsWith("2: Could not parse the service manifest: ");
    }

    @Test
    void refusesWhatIsNotUtf8() throws IOException {
        Path file = Files.write(directory.resolve("a.json"), "{\"\u00fc\":1}".getBytes(StandardCharsets.ISO_8859_1));

        assertThat(read(file)).containsExactly(file + ": Could not read the service manifest: it is not UTF-8");
    }

    @Test
    void refusesAFileThatIsTooLarge() throws IOException {
        Path file = Files.writeString(directory.resolve("a.json"), " ".repeat((4 << 20) + 1));

        assertThat(read(file))
                .containsExactly(file + ": Could not read the service manifest: it is larger than 4194304 bytes");
    }

    @Test
    void refusesADirectory() throws IOException {
        Path file = Files.createDirectory(directory.resolve("a.json"));

        assertThat(read(file)).containsExactly(file + ": Could not read the service manifest: it is a directory");
    }

    @Test
    void refusesABrokenLink() throws IOException {
        Path file = Files.createSymbolicLink(directory.resolve("a.json"), directory.resolve("missing"));

        assertThat(read(file)).containsExactly(file + ": Could not read the service manifest: it does not exist");
    }

    @Test
    void doesNotWaitForTheWriterOfAPipe() throws Exception {
        Path file = directory.resolve("a.json");
        Process mkfifo = new ProcessBuilder("mkfifo", file.toString()).start();
        assertThat(mkfifo.waitFor(10, TimeUnit.SECONDS)).isTrue();

        List<String> problems = Assertions.assertTimeoutPreemptively(Duration.ofSeconds(10), () -> read(file));

        assertThat(problems).containsExactly(file + ": Could not read the service manifest: it is not a regular file");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"capabilities\":[]}",
                "{\"version\":[1],\"capabilities\":[{\"name\":\"\",\"gateways\":[],\"x\":{}}],\"y\":null}",
                "{\"capabilities\":0,\"capabilities\":[]}",
                "{\"capabilities\":[{\"name\":\"a\",\"gateways\":[{\"id\":\"no such\",\"config\":[1,null,[]],\"z\":1}]}]}"
            })
    void leavesAloneWhatIsForOthersToJudge(String text) throws IOException {
        assertThat(problemsOf(text)).isEmpty();
    }

    private List<String> problemsOf(String text) throws IOException {
        Path file = Files.writeString(directory.resolve("m.json"), text);
        return read(file).stream()
                .map(problem -> problem.substring(file.toString().length() + 1))
                .toList();
    }

    private static List<String> read(Path file) {
        List<Problem> problems = new ArrayList<>();
        ManifestReader.read(file, problems::add);
        return problems.stream().map(Problem::toString).toList();
    }
}
