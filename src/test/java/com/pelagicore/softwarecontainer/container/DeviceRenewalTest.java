package com.pelagicore.softwarecontainer.container;

import static com.pelagicore.softwarecontainer.container.Specs.always;
import static com.pelagicore.softwarecontainer.container.Specs.variable;
import static org.assertj.core.api.Assertions.assertThat;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import com.pelagicore.softwarecontainer.rootfs.DeviceFile;
import com.pelagicore.softwarecontainer.spec.DeviceNode;
import com.pelagicore.softwarecontainer.spec.DeviceNumber;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Devices of the host that go, come back and change. */
final class DeviceRenewalTest extends DeviceScene {

    private static final DeviceFile TUN_RETURNED = new DeviceFile(new DeviceNumber(false, 10, 201), 0600, 1, 2);

    @Test
    void takesADeviceAwayThatWentAndGivesItAgainWithItsNewNumber() {
        container.grant(Set.of("a"), always(DeviceNode.withPermissions(TUN, 0644)));

        host.devices.onHost.remove(TUN);
        containers.renewDevices();
        assertThat(host.devices.inContainers()).isEmpty();
        assertThat(host.cgroups.changed()).isEmpty();

        DeviceFile returned = new DeviceFile(new DeviceNumber(false, 10, 201), 0600, 3, 4);
        host.devices.onHost.put(TUN, returned);
        containers.renewDevices();
        assertThat(host.devices.inContainers()).isEqualTo(Map.of(TUN.toString(), returned.withPermissionBits(0644)));
        assertThat(host.cgroups.changed()).containsExactly("SC-0 c 10:201 rw");
    }

    @Test
    void replacesADeviceThatCameBackBeforeAnybodyLooked() {
        container.grant(Set.of("a"), always(DeviceNode.asOnHost(TUN)));

        host.devices.onHost.put(TUN, new DeviceFile(new DeviceNumber(false, 10, 201), 0640, 0, 0));
        containers.renewDevices();

        assertThat(host.devices.inContainers()).containsEntry(TUN.toString(), host.devices.onHost.get(TUN));
        assertThat(host.cgroups.changed()).containsExactly("SC-0 c 10:201 rw");
    }

    @Test
    void keepsTheRuleOfADeviceThatHasAnotherNameStill() {
        container.grant(Set.of("a"), always(DeviceNode.asOnHost(TUN), DeviceNode.asOnHost(ALIAS)));

        host.devices.onHost.remove(ALIAS);
        containers.renewDevices();

        assertThat(host.devices.inContainers()).containsOnlyKeys(TUN.toString());
        assertThat(host.cgroups.changed()).containsExactly("SC-0 c 10:200 rw");
    }

    @Test
    void followsThePermissionsOfTheHostsNodeOnlyIfAsked() {
        container.grant(Set.of("a"), always(DeviceNode.asOnHost(TUN), DeviceNode.withPermissions(ALIAS, 0644)));
        host.devices.onHost.put(TUN, TUN_FILE.withPermissionBits(0660));
        host.devices.onHost.put(ALIAS, TUN_FILE.withPermissionBits(0660));
        host.calls.reset();

        containers.renewDevices();

        assertThat(host.devices.inContainers())
                .isEqualTo(Map.of(
                        TUN.toString(), TUN_FILE.withPermissionBits(0660),
                        ALIAS.toString(), TUN_FILE.withPermissionBits(0644)));
        assertThat(host.calls.made()).containsExactly("onHost " + ALIAS, "onHost " + TUN, "place " + TUN);
    }

    @Test
    void changesNothingIfNothingChanged() {
        container.grant(Set.of("a"), always(DeviceNode.asOnHost(TUN), DeviceNode.asOnHost(NULL)));
        ModelHost.Snapshot granted = host.snapshot();

        containers.renewDevices();

        assertThat(host.snapshot()).isEqualTo(granted);
    }

    @Test
    void goesOnWithTheOthersIfOneContainerRefuses() {
        Container other = containers.create(Options.PLAIN.value());
        container.grant(Set.of("a"), always(DeviceNode.asOnHost(TUN)));
        other.grant(Set.of("a"), always(DeviceNode.asOnHost(TUN)));
        host.devices.onHost.remove(TUN);
        host.calls.fail(PortCalls.Failing.BEFORE, 2);

        containers.renewDevices();

        assertThat(host.cgroups.changed()).containsExactly("SC-0 c 10:200 rw");
        containers.renewDevices();
        assertThat(host.cgroups.changed()).isEmpty();
    }

    @Test
    void goesOnWithTheOtherDevicesIfOneCannotBeGivenAndAllowsThatNoMore() {
        container.grant(Set.of("a"), always(DeviceNode.asOnHost(TUN), DeviceNode.asOnHost(X)));
        host.devices.onHost.put(TUN, TUN_RETURNED);
        host.devices.onHost.remove(X);
        refuse("place " + TUN);

        containers.renewDevices();

        assertThat(host.cgroups.changed()).isEmpty();
        assertThat(host.devices.inContainers()).isEmpty();
        refuse("");
        containers.renewDevices();
        assertThat(host.cgroups.changed()).containsExactly("SC-0 c 10:201 rw");
        assertThat(host.devices.inContainers()).isEqualTo(Map.of(TUN.toString(), TUN_RETURNED));
    }

    @Test
    void keepsTheNumberOfAnotherNameIfADeviceCannotBeGiven() {
        host.devices.onHost.put(ALIAS, TUN_RETURNED);
        container.grant(Set.of("a"), always(DeviceNode.asOnHost(TUN), DeviceNode.asOnHost(ALIAS)));
        host.devices.onHost.put(TUN, TUN_RETURNED);
        refuse("place " + TUN);

        containers.renewDevices();

        assertThat(host.cgroups.changed()).containsExactly("SC-0 c 10:201 rw");
    }

    @Test
    void takesAwayWhatWentFirstSoThatDevicesMayHaveSwappedTheirNumbers() {
        container.grant(Set.of("a"), always(DeviceNode.asOnHost(TUN), DeviceNode.asOnHost(X)));
        host.devices.onHost.put(TUN, X_FILE);
        host.devices.onHost.put(X, TUN_FILE);

        containers.renewDevices();

        assertThat(host.cgroups.changed()).containsExactly("SC-0 b 7:1 rw", "SC-0 c 10:200 rw");
        assertThat(host.devices.inContainers()).isEqualTo(Map.of(TUN.toString(), X_FILE, X.toString(), TUN_FILE));
    }

    @Test
    void takesADeviceFromAContainerThatCanOnlyBeDestroyedButGivesItNone() {
        container.grant(Set.of("a"), always(DeviceNode.asOnHost(TUN), DeviceNode.asOnHost(X)));
        container.invalidate();
        host.devices.onHost.remove(TUN);
        containers.renewDevices();
        assertThat(host.cgroups.changed()).containsExactly("SC-0 b 7:1 rw");

        host.devices.onHost.put(TUN, TUN_RETURNED);
        containers.renewDevices();

        assertThat(host.cgroups.changed()).containsExactly("SC-0 b 7:1 rw");
    }

    @Test
    void followsADeviceThatNoManifestNamesAnyMore() {
        container.grant(Set.of("a"), always(DeviceNode.asOnHost(TUN)));
        container.grant(Set.of("b"), always(variable("A", "1")));
        host.devices.onHost.remove(TUN);

        containers.renewDevices();

        assertThat(host.cgroups.changed()).isEmpty();
    }

    @Test
    void waitsForNoVerbAndLooksAgainWhenItHasEnded() throws Exception {
        Container other = containers.create(Options.PLAIN.value());
        container.grant(Set.of("a"), always(DeviceNode.asOnHost(TUN)));
        other.grant(Set.of("a"), always(DeviceNode.asOnHost(TUN)));
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        host.calls.observe(call -> {
            if (call.equals("freeze SC-0")) {
                busy.countDown();
                await(goOn);
            }
        });
        CompletableFuture<Void> verb = CompletableFuture.runAsync(container::suspend);
        await(busy);
        host.devices.onHost.remove(TUN);

        containers.renewDevices();

        assertThat(host.cgroups.changed()).containsExactly("SC-0 c 10:200 rw");
        goOn.countDown();
        verb.get(10, TimeUnit.SECONDS);
        assertThat(host.cgroups.changed()).isEmpty();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void refuse(String refused) {
        host.calls.observe(call -> {
            if (call.equals(refused)) {
                throw new SoftwareContainerException(ErrorKind.HOST_REFUSED, "refused: " + call);
            }
        });
    }
}
