package com.pelagicore.softwarecontainer.vm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * How a test in the virtual machine ended. Each is a file of its own on the way to the host, so that what ran before a
 * crash is known.
 *
 * @param name class and method, with what distinguishes several runs of one method
 * @param detail stack trace or the reason for skipping; empty if it passed
 */
public record TestResult(Outcome outcome, String name, String detail) {

    /** The order is no matter. */
    public enum Outcome {
        PASSED,
        SKIPPED,
        FAILED
    }

    void write(Path file) throws IOException {
        Path unfinished = file.resolveSibling("." + file.getFileName());
        Files.writeString(unfinished, outcome + "\n" + name + "\n" + detail);
        Files.move(unfinished, file);
    }

    /** In the order in which they ended. */
    static List<TestResult> readAll(Path directory) throws IOException {
        List<TestResult> results = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.filter(each -> !each.getFileName().toString().startsWith("."))
                    .sorted()
                    .toList()) {
                String[] parts = Files.readString(file).split("\n", 3);
                results.add(new TestResult(Outcome.valueOf(parts[0]), parts[1], parts[2]));
            }
        }
        return results;
    }
}
