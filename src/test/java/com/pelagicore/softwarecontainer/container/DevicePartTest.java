package com.pelagicore.softwarecontainer.container;

import static com.pelagicore.softwarecontainer.container.Specs.always;
import static com.pelagicore.softwarecontainer.container.Specs.variable;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import com.pelagicore.softwarecontainer.spec.DeviceNode;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class DevicePartTest extends DeviceScene {

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
