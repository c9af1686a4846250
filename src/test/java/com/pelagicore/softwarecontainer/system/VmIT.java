package com.pelagicore.softwarecontainer.system;

import com.pelagicore.softwarecontainer.vm.TestsInVm;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** System tests once more, in a virtual machine with systemd as PID 1, unified cgroups and AppArmor; one boot for all of them. */
final class VmIT {

    private static final Duration LIMIT = Duration.ofMinutes(15);

    private static final List<Class<?>> CLASSES = List.of(
            // first: the others run under it
            AppArmorProfile.class,
            ConfinementIT.class,
            CgroupsIT.class,
            DeviceNodeIT.class,
            SuspendIT.class,
            WriteBufferIT.class);

    @TestFactory
    Stream<DynamicTest> inAVirtualMachine() throws IOException {
        return TestsInVm.run(LIMIT, CLASSES);
    }
}
