package com.pelagicore.softwarecontainer.packaging;

import com.pelagicore.softwarecontainer.vm.TestsInVm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
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
        DebianPackage now = DebianPackage.built(DebianPackage.SHARED);
        DebianPackage before = now.withVersion(InstalledPackage.EARLIER_VERSION, directory);
        DebianPackage standalone = DebianPackage.built(DebianPackage.STANDALONE);
        return TestsInVm.run(
                LIMIT,
                List.of(InstalledPackage.class),
                copy(standalone, InstalledPackage.STANDALONE),
                copy(now, InstalledPackage.NOW),
                copy(before, InstalledPackage.BEFORE));
    }

    private static Path copy(DebianPackage debianPackage, Path target) throws IOException {
        return Files.copy(debianPackage.file(), target, StandardCopyOption.REPLACE_EXISTING);
    }
}
