package com.pelagicore.softwarecontainer.container;

import static com.pelagicore.softwarecontainer.container.Specs.always;
import static com.pelagicore.softwarecontainer.container.Specs.outgoing;
import static com.pelagicore.softwarecontainer.container.Specs.readOnly;
import static com.pelagicore.softwarecontainer.container.Specs.variable;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.pelagicore.softwarecontainer.config.Recovery;
import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import com.pelagicore.softwarecontainer.process.SpawnRequest;
import com.pelagicore.softwarecontainer.spec.BusRule;
import com.pelagicore.softwarecontainer.spec.BusRule.Bus;
import com.pelagicore.softwarecontainer.spec.DeviceNode;
import com.pelagicore.softwarecontainer.spec.SocketMount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdoptedGrantsTest {

    private static final Path DEVICE = Path.of("/dev/a");

    @TempDir
    private Path directory;

    private AdoptionScene scene;

    @BeforeEach
    void makeScene() throws IOException {
        scene = new AdoptionScene(directory);
    }

    @Test
    void givesProcessesWhatTheEarlierAgentGranted() {
        scene.earlier.create(Options.PLAIN.value()).grant(Set.of("a", "b"), always(variable("A", "1")));

        Container adopted = scene.adopt().get(0);
        adopted.execute(List.of("true"), Map.of("B", "2"), "/", Optional.empty());

        assertThat(adopted.grantedCapabilities()).hasValue(Set.of("a", "b"));
        SpawnRequest request = scene.host.init.newest().spawned.get(0);
        assertThat(request.environment()).containsEntry("A", "1").containsEntry("B", "2");
    }

    @Test
    void extendsWhatTheEarlierAgentGranted() {
        scene.earlier
                .create(Options.PLAIN.value())
                .grant(Set.of("a"), always(readOnly(scene.data, "/data"), outgoing("10.0.0.1")));

        Containers next = scene.adopt();
        next.get(0)
                .grant(
                        Set.of("b"),
                        always(
                                readOnly(scene.data, "/data"),
                                readOnly(scene.data, "/b"),
                                outgoing("10.0.0.1"),
                                outgoing("10.0.0.2")));

        assertThat(next.get(0).grantedCapabilities()).hasValue(Set.of("a", "b"));
        assertThat(scene.host.containerMounts.mounted()).hasSize(2);
        assertThat(scene.host.network.attached())
                .isEqualTo(Map.of(new ContainerId(0), Set.of(outgoing("10.0.0.1"), outgoing("10.0.0.2"))));
    }

    @Test
    void attachesTheSocketOfAServerThatWasRestartedMeanwhile() throws IOException {
        Path socket = Files.createFile(directory.resolve("socket"));
        scene.earlier
                .create(Options.PLAIN.value())
                .grant(Set.of("a"), always(new SocketMount(socket, Path.of("/socket"), "test")));
        scene.replace(socket);

        scene.adopt();
        assertThat(scene.host.containerMounts.mounted()).hasSize(1);
        scene.host.calls.reset();
        scene.host.watch.appear(socket);
        assertThat(scene.host.calls.made()).as("it is there already").containsExactly("shows /socket");

        scene.replace(socket);
        scene.host.watch.appear(socket);
        assertThat(scene.host.calls.made()).contains("bindSocket /socket");
    }

    @Test
    void takesADeviceAwayThatWentMeanwhile() {
        scene.host.devices.onHost.put(DEVICE, AdoptionScene.device(1));
        scene.earlier.create(Options.PLAIN.value()).grant(Set.of("a"), always(DeviceNode.asOnHost(DEVICE)));
        assertThat(scene.host.cgroups.changed()).containsExactly("SC-0 c 10:1 rw");
        scene.host.devices.onHost.remove(DEVICE);

        scene.adopt();

        assertThat(scene.host.cgroups.changed()).isEmpty();
        assertThat(scene.host.devices.inContainers()).isEmpty();
    }

    @Test
    void givesADeviceAgainThatCameBackWithAnotherNumber() {
        scene.host.devices.onHost.put(DEVICE, AdoptionScene.device(1));
        scene.earlier.create(Options.PLAIN.value()).grant(Set.of("a"), always(DeviceNode.asOnHost(DEVICE)));
        scene.host.devices.onHost.put(DEVICE, AdoptionScene.device(2));
        Containers second = scene.adopt();
        assertThat(scene.host.cgroups.changed()).containsExactly("SC-0 c 10:2 rw");
        scene.host.devices.onHost.put(DEVICE, AdoptionScene.device(3));
        second.renewDevices();
        scene.host.devices.onHost.remove(DEVICE);

        Containers third = scene.adopt();

        assertThat(scene.host.cgroups.changed())
                .as("the number of the time before counts")
                .isEmpty();
        scene.host.devices.onHost.put(DEVICE, AdoptionScene.device(3));
        third.renewDevices();
        assertThat(scene.host.devices.inContainers()).containsOnlyKeys(DEVICE.toString());
    }

    @Test
    void allowsNoDeviceWhoseNodeCannotBeMade() {
        scene.host.devices.onHost.put(DEVICE, AdoptionScene.device(1));
        scene.earlier.create(Options.PLAIN.value()).grant(Set.of("a"), always(DeviceNode.asOnHost(DEVICE)));
        scene.host.calls.observe(call -> {
            if (call.startsWith("place ")) {
                throw new SoftwareContainerException(ErrorKind.HOST_REFUSED, "refused: " + call);
            }
        });

        scene.adopt();

        assertThat(scene.host.cgroups.changed()).isEmpty();
    }

    /** To renew a device is noted, and what is noted behind half a change would make it a whole one. */
    @Test
    void undoesHalfAGrantBeforeItRenewsADevice() {
        Path other = Path.of("/dev/b");
        scene.host.devices.onHost.put(DEVICE, AdoptionScene.device(1));
        scene.host.devices.onHost.put(other, AdoptionScene.device(7));
        Container container = scene.earlier.create(Options.PLAIN.value());
        container.grant(Set.of("a"), always(DeviceNode.asOnHost(DEVICE)));
        AtomicBoolean dead = new AtomicBoolean();
        scene.host.calls.observe(call -> {
            if (dead.get() || call.equals("place " + other)) {
                dead.set(true);
                throw new Crashes.Dead();
            }
        });
        assertThatThrownBy(() ->
                        container.grant(Set.of("b"), always(DeviceNode.asOnHost(DEVICE), DeviceNode.asOnHost(other))))
                .isInstanceOf(Crashes.Dead.class);
        scene.host.calls.observe(call -> {});
        scene.host.devices.onHost.put(DEVICE, AdoptionScene.device(2));

        scene.adopt();

        assertThat(scene.host.cgroups.changed()).containsExactly("SC-0 c 10:2 rw");
    }

    @Test
    void mountsTheNewSocketOfABusThatNobodyServedMeanwhile() {
        BusRule rule = new BusRule(Bus.SYSTEM, BusRule.Direction.BOTH, "a.b", "*", List.of("*"));
        scene.earlier.create(Options.PLAIN.value()).grant(Set.of("a"), always(rule));
        scene.host.busFilter.goesOnWithoutAgent = false;
        scene.host.calls.reset();

        scene.adopt();

        Path inside = Bus.SYSTEM.containerPath();
        assertThat(scene.host.calls.made()).contains("unmountSocket " + inside, "bind " + inside);
        assertThat(scene.host.containerMounts.mounted()).hasSize(1);
        assertThat(scene.host.busFilter.opened()).isEqualTo(Map.of("SC-0 SYSTEM", List.of(rule)));
    }

    @Test
    void goesOnWithoutABusThatTheHostHasNoMore() {
        BusRule rule = new BusRule(Bus.SESSION, BusRule.Direction.BOTH, "a.b", "*", List.of("*"));
        scene.earlier.create(Options.PLAIN.value()).grant(Set.of("a"), always(rule, variable("A", "1")));
        scene.host.busFilter.buses.remove(Bus.SESSION);

        Containers next = scene.adopt();

        next.get(0).execute(List.of("true"), Map.of(), "/", Optional.empty());
    }

    @Test
    void doesNotTrustAContainerWhoseNetworkIsGone() {
        scene.earlier.create(Options.PLAIN.value()).grant(Set.of("a"), always(outgoing("10.0.0.1")));
        scene.earlier.create(Options.PLAIN.value());
        scene.host.network.detach(new ContainerId(0), "bridge");

        Containers next = scene.adopt();

        assertThatThrownBy(() -> next.get(0).suspend()).hasMessage("Container is invalid SC-0");
        assertThat(scene.host.runtime.running()).as("it is not killed").containsKey("SC-0");
        next.get(1).suspend();
    }

    @Test
    void doesNotTrustNetworksWhoseRulesCannotBePutInForce() {
        scene.earlier.create(Options.PLAIN.value()).grant(Set.of("a"), always(outgoing("10.0.0.1")));
        scene.earlier.create(Options.PLAIN.value());
        scene.host.loseAgent();
        scene.host.calls.reset();
        Containers next = new Containers(scene.host.containerHost(), scene.listener);
        scene.host.calls.observe(call -> {
            if (call.equals("enforceAdopted")) {
                throw new SoftwareContainerException(ErrorKind.HOST_REFUSED, "no nft");
            }
        });

        next.recover(Recovery.ADOPT);

        assertThatThrownBy(() -> next.get(0).suspend()).hasMessage("Container is invalid SC-0");
        next.get(1).suspend();
    }
}
