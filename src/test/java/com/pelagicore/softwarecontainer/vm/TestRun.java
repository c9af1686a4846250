package com.pelagicore.softwarecontainer.vm;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import com.pelagicore.softwarecontainer.vm.TestResult.Outcome;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestSource;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Runs test classes in this JVM, in the virtual machine; see {@link TestsInVm}. */
final class TestRun implements TestExecutionListener {

    private final Path directory;
    private int count;

    private TestRun(Path directory) {
        this.directory = directory;
    }

    /** Arguments: an empty directory for the results, then names of classes. Status 0 also if some of them failed. */
    public static void main(String[] arguments) {
        LauncherDiscoveryRequestBuilder request = LauncherDiscoveryRequestBuilder.request()
                .configurationParameter("junit.jupiter.execution.timeout.default", "4m");
        Arrays.stream(arguments).skip(1).forEach(name -> request.selectors(selectClass(name)));
        run(request.build(), new TestRun(Path.of(arguments[0])));
        // whatever threads are left
        System.exit(0);
    }

    private static void run(LauncherDiscoveryRequest request, TestRun run) {
        LauncherFactory.create().execute(request, run);
    }

    @Override
    public void executionSkipped(TestIdentifier identifier, String reason) {
        report(new TestResult(Outcome.SKIPPED, name(identifier), reason));
    }

    @Override
    public void executionFinished(TestIdentifier identifier, TestExecutionResult result) {
        boolean successful = result.getStatus() == TestExecutionResult.Status.SUCCESSFUL;
        if (identifier.isTest() || !successful) {
            Outcome outcome =
                    switch (result.getStatus()) {
                        case SUCCESSFUL -> Outcome.PASSED;
                        case ABORTED -> Outcome.SKIPPED;
                        case FAILED -> Outcome.FAILED;
                    };
            String detail = result.getThrowable().map(TestRun::stackTrace).orElse("");
            report(new TestResult(outcome, name(identifier), detail));
        }
    }

    private void report(TestResult result) {
        System.out.printf(
                "%-7s %3d s  %s%n",
                result.outcome(), ManagementFactory.getRuntimeMXBean().getUptime() / 1000, result.name());
        try {
            result.write(directory.resolve("%04d".formatted(count++)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String name(TestIdentifier identifier) {
        TestSource source = identifier.getSource().orElse(null);
        if (source instanceof MethodSource method) {
            String name = method.getJavaClass().getSimpleName() + "." + method.getMethodName();
            String display = identifier.getDisplayName();
            return display.startsWith(method.getMethodName() + "(") ? name : name + " " + display;
        }
        if (source instanceof ClassSource type) {
            return type.getJavaClass().getSimpleName() + ".(the class)";
        }
        return identifier.getDisplayName();
    }

    private static String stackTrace(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}
