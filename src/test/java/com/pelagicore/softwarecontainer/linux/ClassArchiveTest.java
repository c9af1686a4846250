package com.pelagicore.softwarecontainer.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;

class ClassArchiveTest {

    private static final int SIZE = 1 << 20;

    /** /tmp may be memory itself. */
    static final class InBuildDirectory implements TempDirFactory {
        @Override
        public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext extension)
                throws IOException {
            return Files.createTempDirectory(Path.of("target").toAbsolutePath(), "archive");
        }
    }

    @TempDir(factory = InBuildDirectory.class)
    private Path directory;

    @Test
    void findsTheMappingsOfTheFile() {
        List<String> maps = List.of(
                "800000000-800400000 rw-p 00001000 fe:00 393 /var/cache/a b.jsa",
                "800400000-800c00000 r--p 00401000 fe:00 393                      /var/cache/a b.jsa",
                "7f0000000000-7f0000001000 r--p 00000000 fe:00 394                /var/cache/a b.jsa.old",
                "7ffd1000-7ffd2000 rw-p 00000000 00:00 0");

        assertThat(ClassArchive.mappings(maps, Path.of("/var/cache/a b.jsa")))
                .containsExactly(
                        new ClassArchive.Mapping(0x800000000L, 0x400000),
                        new ClassArchive.Mapping(0x800400000L, 0x800000));
    }

    @Test
    void pagesGivenBackAreReadAgainWhenNeeded() throws IOException {
        Path file = directory.resolve("archive");
        byte[] content = new byte[SIZE];
        content[SIZE / 2] = 42;
        Files.write(file, content);
        try (FileChannel channel = FileChannel.open(file)) {
            channel.force(true);
            MappedByteBuffer mapping = channel.map(MapMode.READ_ONLY, 0, SIZE).load();
            assertThat(resident(file)).isEqualTo(SIZE / 1024);

            ClassArchive.giveBack(file);

            assertThat(resident(file)).isLessThan(SIZE / 1024 / 4);
            assertThat(mapping.get(SIZE / 2)).isEqualTo((byte) 42);
            Reference.reachabilityFence(mapping);
        }
    }

    /** Of the mappings of a file, in kB. */
    private static long resident(Path file) throws IOException {
        List<String> lines = Files.readAllLines(Path.of("/proc/self/smaps"));
        long sum = 0;
        boolean isOfFile = false;
        for (String line : lines) {
            if (!line.contains("kB") && line.contains("-")) {
                isOfFile = line.endsWith(" " + file);
            } else if (isOfFile && line.startsWith("Rss:")) {
                sum += Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        return sum;
    }
}
