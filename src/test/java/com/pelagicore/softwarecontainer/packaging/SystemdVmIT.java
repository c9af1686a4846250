package com.pelagicore.softwarecontainer.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import com.pelagicore.softwarecontainer.vm.TestResult;
import com.pelagicore.softwarecontainer.vm.TestsInVm;
import com.pelagicore.softwarecontainer.vm.VirtualMachine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The package on a machine with systemd as PID 1; {@link InstalledPackage} has the tests, which run there. */
final class SystemdVmIT {

    private static final Duration LIMIT = Duration.ofMinutes(15);

    @TempDir
    Path directory;

    @TestFactory
    Stream<DynamicTest> inAVirtualMachine() throws IOException {
        VirtualMachine.obstacle().ifPresent(obstacle -> {
            String reason = "no package in a virtual machine: " + obstacle;
            System.out.println(reason);
            Assumptions.abort(reason);
        });
        DebianPackage now = DebianPackage.built(DebianPackage.SHARED);
        DebianPackage before = now.withVersion(InstalledPackage.EARLIER_VERSION, directory);
        DebianPackage standalone = DebianPackage.built(DebianPackage.STANDALONE);
        List<Path> files = List.of(
                Files.copy(standalone.file(), InstalledPackage.STANDALONE, StandardCopyOption.REPLACE_EXISTING),
                Files.copy(now.file(), InstalledPackage.NOW, StandardCopyOption.REPLACE_EXISTING),
                Files.copy(before.file(), InstalledPackage.BEFORE, StandardCopyOption.REPLACE_EXISTING));
        return TestsInVm.run(LIMIT, List.of(InstalledPackage.class), files).stream()
                .map(result -> DynamicTest.dynamicTest(result.name(), () -> check(result)));
    }

    private static void check(TestResult result) {
        assertThat(result.outcome()).as(result.detail()).isEqualTo(TestResult.Outcome.PASSED);
    }
}
