package com.pelagicore.softwarecontainer.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;

/** Directory trees of the tests. */
final class Trees {

    private Trees() {}

    /** Missing: nothing. Follows no links. Refuses if something is mounted below: that would be the host's. */
    static void delete(Path root) {
        try {
            requireNoMounts(root);
            if (Files.exists(root)) {
                deleteTree(root);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void requireNoMounts(Path root) throws IOException {
        List<String> mounted = Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
                .map(line -> line.split(" ")[4])
                .filter(point -> Path.of(point).startsWith(root))
                .toList();
        if (!mounted.isEmpty()) {
            throw new IOException("not deleting '" + root + "', these are still mounted: " + mounted);
        }
    }

    private static void deleteTree(Path root) throws IOException {
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException failure) throws IOException {
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
