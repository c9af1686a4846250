package com.pelagicore.softwarecontainer.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.pelagicore.softwarecontainer.config.Recovery;
import com.pelagicore.softwarecontainer.system.CommandTool.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Runs what the documents show: each block marked sh, with the manifest of the README; a block marked text behind it
 * is what the commands print. Blocks that are indented are not run.
 */
@SystemTest
final class QuickStartsIT {

    private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w+)\\n(.*?)^```$");

    @TempDir
    private Path directory;

    private record Block(String kind, String text) {}

    @ParameterizedTest
    @CsvSource({"README.md, 5", "docs/compatibility.md, 1", "docs/operations.md, 1"})
    void doWhatTheDocumentSays(Path document, int atLeast, LiveAgent agent) throws IOException {
        agent.stop();
        Path tests = agent.manifests().resolve("test.json");
        String others = Files.readString(tests);
        Path manifest = Files.writeString(tests, readmeManifest());
        agent.restart(Recovery.DESTROY);
        CommandTool tool = new CommandTool(agent, directory);
        List<Block> blocks = blocks(document);

        int run = 0;
        for (int i = 0; i < blocks.size(); i++) {
            if (blocks.get(i).kind().equals("sh")) {
                Ended ended = tool.bash("set -euo pipefail\n" + blocks.get(i).text());
                assertThat(ended.status()).as(blocks.get(i).text() + ended).isZero();
                boolean isShown =
                        i + 1 < blocks.size() && blocks.get(i + 1).kind().equals("text");
                assertThat(ended.output())
                        .as(blocks.get(i).text())
                        .isEqualTo(isShown ? blocks.get(i + 1).text() : ended.output());
                run++;
            }
        }

        assertThat(run).isGreaterThanOrEqualTo(atLeast);
        agent.stop();
        Files.writeString(manifest, others);
    }

    private static String readmeManifest() throws IOException {
        return blocks(Path.of("README.md")).stream()
                .filter(block -> block.kind().equals("json"))
                .findFirst()
                .orElseThrow()
                .text();
    }

    private static List<Block> blocks(Path document) throws IOException {
        List<Block> blocks = new ArrayList<>();
        Matcher matcher = BLOCK.matcher(Files.readString(document));
        while (matcher.find()) {
            blocks.add(new Block(matcher.group(1), matcher.group(2)));
        }
        return blocks;
    }
}
