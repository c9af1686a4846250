package com.pelagicore.softwarecontainer.vm;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;

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
     * One test for each that was run there, and for each class that failed as a whole. Where there can be no machine,
     * the calling test is skipped with the reason, in CI (environment variable of that name) it fails.
     *
     * @param limit for all of them, without the making of the image
     * @param classes each has at least one test
     * @param files absolute paths of further files that the tests find there
     */
    public static Stream<DynamicTest> run(Duration limit, List<Class<?>> classes, Path... files) throws IOException {
        VirtualMachine.obstacle().ifPresent(TestsInVm::skip);
        return results(limit, classes, List.of(files)).stream()
                .map(result -> DynamicTest.dynamicTest(result.name(), () -> check(result)));
    }

    private static void skip(String obstacle) {
        String reason = "no tests in a virtual machine: " + obstacle;
        System.out.println(reason);
        assertThat(System.getenv("CI")).as(reason).isNull();
        Assumptions.abort(reason);
    }

    private static void check(TestResult result) {
        switch (result.outcome()) {
            case PASSED -> {}
            case SKIPPED -> Assumptions.abort(result.name() + ": " + result.detail());
            case FAILED ->
                throw new AssertionError("in the virtual machine: " + result.name() + "\n" + result.detail());
        }
    }

    private static List<TestResult> results(Duration limit, List<Class<?>> classes, List<Path> files)
            throws IOException {
        Path shared = Files.createTempDirectory("vm-tests-");
        try {
            Path results = Files.createDirectory(shared.resolve("results"));
            pack(shared.resolve("project.tar"), files);
            String names = classes.stream().map(Class::getName).collect(joining(" "));
            String script =
                    SCRIPT.formatted(PROJECT, System.getProperty("java.class.path"), TestRun.class.getName(), names);
            VirtualMachine.Ended ended = VirtualMachine.run(shared, script, limit);
            List<TestResult> all = new ArrayList<>(TestResult.readAll(results));
            addWhatIsMissing(classes, ended, all);
            return all;
        } finally {
            delete(shared);
        }
    }

    private static void addWhatIsMissing(List<Class<?>> classes, VirtualMachine.Ended ended, List<TestResult> results) {
        if (ended.status() != 0) {
            String detail = "it ended with status " + ended.status() + ":\n" + ended.output();
            results.add(new TestResult(TestResult.Outcome.FAILED, "the machine", detail));
        }
        for (Class<?> type : classes) {
            if (results.stream().noneMatch(result -> result.name().startsWith(type.getSimpleName() + "."))) {
                results.add(new TestResult(TestResult.Outcome.FAILED, type.getSimpleName(), "no test of it was run"));
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
