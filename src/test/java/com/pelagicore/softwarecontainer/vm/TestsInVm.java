package com.pelagicore.softwarecontainer.vm;

import static java.util.stream.Collectors.joining;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Runs test classes in a virtual machine, where the project, as it is built, and the class path of this JVM have the
 * same paths as here.
 */
public final class TestsInVm {

    private static final Path PROJECT = Path.of("").toAbsolutePath();

    /** What the system tests need of the project, besides the class path. */
    private static final List<String> PARTS = List.of(
            "bin",
            "conf",
            "dbus-interfaces",
            "systemd",
            "src/test/python",
            "target/softwarecontainer-agent.jar",
            "target/lib",
            "target/native");

    private static final String SCRIPT =
            """
            tar -xPf /host/project.tar || exit
            cd '%s' && exec java -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Dpatience.seconds=120 -cp '%s' %s /host/results %s
            """;

    private TestsInVm() {}

    /**
     * One result for each test, and for each class that failed as a whole.
     *
     * @param classes of which there is at least one result each
     * @throws AssertionError if the machine did not come to the end, or without results of some class
     */
    public static List<TestResult> run(Duration limit, List<Class<?>> classes) throws IOException {
        return run(limit, classes, List.of());
    }

    /**
     * The same.
     *
     * @param files absolute paths of further files that the tests find there
     */
    public static List<TestResult> run(Duration limit, List<Class<?>> classes, List<Path> files) throws IOException {
        Path shared = Files.createTempDirectory("vm-tests-");
        Path results = Files.createDirectory(shared.resolve("results"));
        pack(shared.resolve("project.tar"), files);
        String names = classes.stream().map(Class::getName).collect(joining(" "));
        String script =
                SCRIPT.formatted(PROJECT, System.getProperty("java.class.path"), TestRun.class.getName(), names);
        VirtualMachine.Ended ended = VirtualMachine.run(shared, script, limit);
        try {
            List<TestResult> all = TestResult.readAll(results);
            requireAll(classes, all, ended);
            return all;
        } finally {
            delete(shared);
        }
    }

    private static void requireAll(List<Class<?>> classes, List<TestResult> results, VirtualMachine.Ended ended) {
        String done = results.stream().map(TestResult::name).collect(joining(", ", "; results: ", ""));
        if (ended.status() != 0) {
            throw new AssertionError("the tests in the virtual machine ended with status " + ended.status() + done
                    + "\n" + ended.output());
        }
        for (Class<?> type : classes) {
            if (results.stream().noneMatch(result -> result.name().startsWith(type.getSimpleName() + "."))) {
                throw new AssertionError("no test of " + type.getSimpleName() + " was run" + done);
            }
        }
    }

    private static void pack(Path tar, List<Path> files) {
        Stream<String> parts = PARTS.stream().map(part -> PROJECT.resolve(part).toString());
        Stream<String> classPath =
                Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator));
        List<String> command = Stream.of(
                        Stream.of("tar", "-cPf", tar.toString()),
                        parts,
                        classPath,
                        files.stream().map(Path::toString))
                .flatMap(each -> each)
                .distinct()
                .toList();
        try {
            int status = new ProcessBuilder(command).inheritIO().start().waitFor();
            if (status != 0) {
                throw new AssertionError("tar ended with status " + status);
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(path);
            }
        }
    }
}
