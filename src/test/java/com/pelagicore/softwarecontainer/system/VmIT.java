package com.pelagicore.softwarecontainer.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.pelagicore.softwarecontainer.vm.TestResult;
import com.pelagicore.softwarecontainer.vm.TestsInVm;
import com.pelagicore.softwarecontainer.vm.VirtualMachine;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** System tests once more, in a virtual machine with systemd as PID 1 and unified cgroups; one boot for all of them. */
final class VmIT {

    private static final Duration LIMIT = Duration.ofMinutes(15);

    private static final List<Class<?>> CLASSES = List.of(CgroupsIT.class, DeviceNodeIT.class, SuspendIT.class);

    @TestFactory
    Stream<DynamicTest> inAVirtualMachine() throws IOException {
        VirtualMachine.obstacle().ifPresent(VmIT::skip);
        return TestsInVm.run(LIMIT, CLASSES).stream()
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
}
