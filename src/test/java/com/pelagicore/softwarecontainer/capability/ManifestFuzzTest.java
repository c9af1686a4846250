package com.pelagicore.softwarecontainer.capability;

import static org.assertj.core.api.Assertions.assertThat;

import com.pelagicore.softwarecontainer.config.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Manifests with mistakes, by chance but always the same: attack A35 of docs/security.md. Each is read, or a problem says where. */
class ManifestFuzzTest {

    private static final int FILES = 400;
    private static final String GOOD =
            """
            {"version": "1", "capabilities": [
              {"name": "com.example.a", "gateways": [
                {"id": "env", "config": [{"name": "A", "value": "1", "mode": "append"}]},
                {"id": "file", "config": [{"path-host": "/usr", "path-container": "/opt", "read-only": true}]}]},
              {"name": "com.example.b", "gateways": [{"id": "cgroups", "config": [{"setting": "pids.max", "value": "8"}]}]}
            ]}
            """;
    private static final List<String> PIECES = List.of(
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "\"",
            "null",
            "true",
            "-",
            "1e999",
            "NaN",
            "1e-999",
            "00",
            "\\u0000",
            "\\ud800",
            "\uFEFF",
            "/*",
            "#",
            "\0",
            "{\"a\":".repeat(2_000),
            "[".repeat(100_000),
            "9".repeat(5_000),
            "\"name\": 7,");

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void saysWhatIsWrongOfEveryManifest(long seed) throws IOException {
        Random random = new Random(seed);
        Path file = directory.resolve("fuzz.json");
        int wrong = 0;
        for (int i = 0; i < FILES; i++) {
            Files.write(file, changed(random));
            List<Problem> problems = new ArrayList<>();

            List<Capability> read = ManifestReader.read(file, problems::add);

            assertThat(read).hasSizeLessThanOrEqualTo(2);
            assertThat(problems).allSatisfy(problem -> {
                assertThat(problem.where()).startsWith(file.toString());
                assertThat(problem.text()).isNotBlank().hasSizeLessThan(2_000);
            });
            wrong += problems.isEmpty() ? 0 : 1;
        }
        assertThat(wrong).isBetween(FILES / 3, FILES - 1);
    }

    private static byte[] changed(Random random) {
        byte[] text = GOOD.getBytes(StandardCharsets.UTF_8);
        int place = random.nextInt(text.length);
        return switch (random.nextInt(4)) {
            case 0 -> {
                text[place] = (byte) random.nextInt(256);
                yield text;
            }
            case 1 -> Arrays.copyOf(text, place);
            case 2 -> joined(text, place, place + random.nextInt(text.length - place), new byte[0]);
            default ->
                joined(
                        text,
                        place,
                        place,
                        PIECES.get(random.nextInt(PIECES.size())).getBytes(StandardCharsets.UTF_8));
        };
    }

    /** With something in place of what is between two places. */
    private static byte[] joined(byte[] text, int start, int end, byte[] piece) {
        byte[] all = Arrays.copyOf(text, start + piece.length + text.length - end);
        System.arraycopy(piece, 0, all, start, piece.length);
        System.arraycopy(text, end, all, start + piece.length, text.length - end);
        return all;
    }
}
