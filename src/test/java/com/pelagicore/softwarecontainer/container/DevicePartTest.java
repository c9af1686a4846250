package com.pelagicore.softwarecontainer.container;

import static com.pelagicore.softwarecontainer.container.Specs.always;
import static com.pelagicore.softwarecontainer.container.Specs.variable;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import com.pelagicore.softwarecontainer.rootfs.DeviceFile;
import com.pelagicore.softwarecontainer.spec.DeviceNode;
import com.pelagicore.softwarecontainer.spec.DeviceNumber;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DevicePartTest {

    private static final Path TUN = Path.of("/dev/net/tun");
    private static final Path ALIAS = Path.of("/dev/alias");
    /** Another one than TUN. */
    private static final Path X = Path.of("/dev/x");

    private static final Path NULL = Path.of("/dev/null");
    private static final DeviceFile TUN_FILE = new DeviceFile(new DeviceNumber(false, 10, 200), 0600, 1, 2);
    private static final DeviceFile NULL_FILE = new DeviceFile(new DeviceNumber(false, 1, 3), 0666, 0, 0);

    private static final DeviceFile X_FILE = new DeviceFile(new DeviceNumber(true, 7, 1), 0660, 0, 6);

    @TempDir
    private Path directory;

    private ModelHost host;
    private Containers containers;
    private Container container;

    @BeforeEach
    void makeContainer() {
        host = new ModelHost(directory);
        host.devices.onHost.putAll(Map.of(TUN, TUN_FILE, ALIAS, TUN_FILE, NULL, NULL_FILE, X, X_FILE));
        containers = new Containers(host.containerHost(), new RecordingListener());
        container = containers.create(Options.PLAIN.value());
        host.calls.reset();
    }

    @Test
    void allowsADeviceAndThenMakesItsNodeAsOnTheHost() {
        container.grant(Set.of("a"), always(DeviceNode.asOnHost(TUN)));

        assertThat(host.calls.made())
                .containsExactly("onHost " + TUN, "inContainer " + TUN, "set SC-0", "place " + TUN);
        assertThat(host.devices.inContainers()).isEqualTo(Map.of(TUN.toString(), TUN_FILE));
        assertThat(host.cgroups.changed()).containsExactly("SC-0 c 10:200 rw");
    }

    @Test
    void changesOnlyThePermissionsOfANodeThatIsThere() {
        container.grant(Set.of("a"), always(DeviceNode.asOnHost(TUN)));
        container.grant(Set.of("b"), always(new DeviceNode(TUN, true, 0066)));

        assertThat(host.devices.inContainers()).isEqualTo(Map.of(TUN.toString(), TUN_FILE.withPermissionBits(0666)));
        assertThat(host.cgroups.changed()).containsExactly("SC-0 c 10:200 rw");
    }

    @Test
    void neverDeniesWhatEveryContainerMayUse() {
        assertThatThrownBy(() -> {
                    host.calls.fail(PortCalls.Failing.AFTER, 3);
                    container.grant(Set.of("a"), always(DeviceNode.asOnHost(NULL)));
                })
                .isInstanceOf(SoftwareContainerException.class);

        assertThat(host.calls.made()).noneMatch(call -> call.startsWith("set") || call.startsWith("restore "));
    }

    @Test
    void refusesADeviceThatTheHostDoesNotHaveBeforeAnythingIsChanged() {
        ModelHost.Snapshot before = host.snapshot();

        assertThatThrownBy(() -> container.grant(
                        Set.of("a"),
                        always(
                                DeviceNode.asOnHost(TUN),
                                DeviceNode.asOnHost(Path.of("/dev/none")),
                                variable("A", "1"))))
                .hasMessage("device '/dev/none' does not exist on the host")
                .extracting("kind")
                .isEqualTo(ErrorKind.NOT_FOUND);

        assertThat(host.snapshot()).isEqualTo(before);
    }

    @Test
    void refusesAPathWhereAnotherDeviceIs() {
        container.grant(Set.of("a"), always(DeviceNode.asOnHost(TUN)));
        host.devices.onHost.put(TUN, NULL_FILE);

        assertThatThrownBy(() -> container.grant(Set.of("b"), always(DeviceNode.withPermissions(TUN, 0666))))
                .hasMessage("'/dev/net/tun' in the container is another device, c 10:200 and not c 1:3");
    }

    @ParameterizedTest
    @EnumSource
    void givesAllOrNothing(PortCalls.Failing failing) {
        container.grant(Set.of("a"), always(DeviceNode.asOnHost(TUN)));
        ModelHost.Snapshot before = host.snapshot();
        int call = 0;
        boolean failed = true;

        while (failed) {
            call++;
            host.calls.fail(failing, call);
            failed = isRefused();
            if (failed) {
                assertThat(host.snapshot()).as("after call %d", call).isEqualTo(before);
            }
        }

        assertThat(call).isGreaterThan(8);
        assertThat(host.cgroups.changed()).containsExactly("SC-0 b 7:1 rw", "SC-0 c 10:200 rw");
    }

    private boolean isRefused() {
        try {
            container.grant(
                    Set.of("b"),
                    always(DeviceNode.withPermissions(TUN, 0644), DeviceNode.asOnHost(X), DeviceNode.asOnHost(ALIAS)));
            return false;
        } catch (SoftwareContainerException e) {
            return true;
        }
    }
}
