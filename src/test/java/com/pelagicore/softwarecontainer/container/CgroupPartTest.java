package com.pelagicore.softwarecontainer.container;

import static com.pelagicore.softwarecontainer.container.Specs.always;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import com.pelagicore.softwarecontainer.rootfs.DeviceFile;
import com.pelagicore.softwarecontainer.spec.CgroupSetting;
import com.pelagicore.softwarecontainer.spec.DeviceNode;
import com.pelagicore.softwarecontainer.spec.DeviceNumber;
import com.pelagicore.softwarecontainer.spec.SpecItem;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CgroupPartTest {

    private static final CgroupSetting PIDS = new CgroupSetting("pids.max", "10");

    @TempDir
    private Path directory;

    private ModelHost host;
    private Container container;

    @BeforeEach
    void makeContainer() {
        host = new ModelHost(directory);
        host.cgroups.defaults.putAll(Map.of(
                "memory.limit_in_bytes", "9223372036854771712",
                "memory.memsw.limit_in_bytes", "9223372036854771712",
                "pids.max", "max",
                "cpuset.cpus", "",
                "memory.oom_control", "oom_kill_disable 0\nunder_oom 0"));
        container = new Containers(host.containerHost(), new RecordingListener()).create(Options.PLAIN.value());
        host.calls.reset();
    }

    @Test
    void writesWhatIsGrantedByTheNamesOfTheHost() {
        container.grant(Set.of("a"), always(PIDS, new CgroupSetting("memory.max", "4096")));

        assertThat(host.cgroups.changed()).containsExactly("SC-0 memory.limit_in_bytes=4096", "SC-0 pids.max=10");
    }

    @Test
    void writesOnlyWhatIsNew() {
        container.grant(Set.of("a"), always(PIDS));
        host.calls.reset();

        container.grant(Set.of("b"), always(PIDS, new CgroupSetting("cpuset.cpus", "0")));

        assertThat(written()).hasSize(1);
        assertThat(host.cgroups.changed()).containsExactly("SC-0 cpuset.cpus=0", "SC-0 pids.max=10");
    }

    @Test
    void raisesMemoryWithSwapBeforeMemoryAloneAndLowersItAfter() {
        container.grant(Set.of("a"), always(memory("100"), memoryAndSwap("100")));
        assertThat(host.cgroups.writes()).containsExactly("memory.limit_in_bytes", "memory.memsw.limit_in_bytes");

        container.grant(Set.of("b"), always(memory("200"), memoryAndSwap("200")));
        assertThat(host.cgroups.writes().subList(2, 4))
                .containsExactly("memory.memsw.limit_in_bytes", "memory.limit_in_bytes");
    }

    @ParameterizedTest
    @EnumSource
    void setsAllOrNothing(PortCalls.Failing failing) {
        container.grant(Set.of("a"), always(PIDS, memory("100")));
        ModelHost.Snapshot before = host.snapshot();
        int call = 0;
        boolean failed = true;

        while (failed) {
            call++;
            host.calls.fail(failing, call);
            failed = isRefused();
            if (failed) {
                assertThat(host.snapshot().cgroups()).as("after call %d", call).isEqualTo(before.cgroups());
            }
        }

        assertThat(call).isGreaterThan(10);
        assertThat(host.cgroups.changed())
                .containsExactly("SC-0 c 10:200 rw", "SC-0 memory.limit_in_bytes=200", "SC-0 pids.max=20");
    }

    private boolean isRefused() {
        try {
            container.grant(
                    Set.of("b"),
                    always(
                            new CgroupSetting("pids.max", "20"),
                            memory("200"),
                            new CgroupSetting("devices.allow", "c 10:200 rw")));
            return false;
        } catch (SoftwareContainerException e) {
            return true;
        }
    }

    @Test
    void takesEarlierSettingsBackIfTheHostLacksTheKeyOfALaterOne() {
        assertThatThrownBy(() -> container.grant(
                        Set.of("a"),
                        always(
                                new CgroupSetting("cpuset.cpus", "0"),
                                memory("100"),
                                new CgroupSetting("net_cls.classid", "0x100001"))))
                .hasMessage("there is no 'net_cls.classid'");

        assertThat(host.cgroups.read("SC-0", "cpuset.cpus")).hasValue("\n");
        assertThat(host.cgroups.changed()).containsExactly("SC-0 cpuset.cpus=\n");
    }

    @Test
    void leavesATableThatCannotBeWrittenBackAsItIs() {
        assertThatThrownBy(() -> container.grant(
                        Set.of("a"),
                        always(new CgroupSetting("memory.oom_control", "1"), new CgroupSetting("x.y", "1"))))
                .isInstanceOf(SoftwareContainerException.class);

        assertThat(host.cgroups.changed()).containsExactly("SC-0 memory.oom_control=1");
        container.grant(Set.of("a"), always(PIDS));
    }

    @Test
    void opensNothingByTakingBackThatADeviceIsDenied() {
        assertFails(new CgroupSetting("devices.deny", "a"), new CgroupSetting("x.y", "1"));

        assertThat(host.cgroups.changed()).isEmpty();
        assertThat(host.cgroups.writes()).doesNotContain("devices.allow");
    }

    @ParameterizedTest
    @ValueSource(strings = {"c 1:3 rwm", "c 136:7 rw", "c 10:200 rwm", "b 7:1 r"})
    void keepsADeviceAllowedThatWasAllowedBefore(String rule) {
        Path tun = Path.of("/dev/net/tun");
        host.devices.onHost.put(tun, new DeviceFile(new DeviceNumber(false, 10, 200), 0600, 0, 0));
        container.grant(Set.of("a"), always(DeviceNode.asOnHost(tun), new CgroupSetting("devices.allow", "b 7:* rw")));

        assertFails(DeviceNode.asOnHost(tun), new CgroupSetting("devices.allow", rule), new CgroupSetting("x.y", "1"));

        assertThat(host.cgroups.changed()).contains("SC-0 c 10:200 rw", "SC-0 b 7:* rw");
        assertThat(host.cgroups.writes()).doesNotContain("devices.deny");
    }

    @Test
    void allowsWhatEveryContainerMayUseAfterAllWasAllowedInVain() {
        assertFails(new CgroupSetting("devices.allow", "a"), new CgroupSetting("x.y", "1"));

        assertThat(host.cgroups.writes()).startsWith("devices.allow", "x.y", "devices.deny", "devices.allow");
        assertThat(host.cgroups.changed()).contains("SC-0 c 1:3 rw").doesNotContain("SC-0 a");
    }

    private void assertFails(SpecItem... items) {
        assertThatThrownBy(() -> container.grant(Set.of("failing"), always(items)))
                .hasMessage("there is no 'x.y'");
    }

    private List<String> written() {
        return host.calls.made().stream()
                .filter(call -> call.startsWith("set "))
                .toList();
    }

    private static CgroupSetting memory(String value) {
        return new CgroupSetting("memory.limit_in_bytes", value);
    }

    private static CgroupSetting memoryAndSwap(String value) {
        return new CgroupSetting("memory.memsw.limit_in_bytes", value);
    }
}
