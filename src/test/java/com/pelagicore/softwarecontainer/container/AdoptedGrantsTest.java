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
import com.pelagicore.softwarecontainer.rootfs.DeviceFile;
import com.pelagicore.softwarecontainer.spec.BusRule;
import com.pelagicore.softwarecontainer.spec.BusRule.Bus;
import com.pelagicore.softwarecontainer.spec.DeviceNode;
import com.pelagicore.softwarecontainer.spec.DeviceNumber;
import com.pelagicore.softwarecontainer.spec.SocketMount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdoptedGrantsTest {

    private static final Path DEVICE = Path.of("/dev/a");

    @TempDir
    private Path directory;

    private ModelHost host;
    private Containers earlier;
    private RecordingListener listener;
    private Path data;

    @BeforeEach
    void makeHost() throws IOException {
        host = new ModelHost(directory);
        earlier = new Containers(host.containerHost(), new RecordingListener());
        listener = new RecordingListener();
        data = Files.createDirectory(directory.resolve("data"));
    }

    @Test
    void givesProcessesWhatTheEarlierAgentGranted() {
        earlier.create(Options.PLAIN.value()).grant(Set.of("a", "b"), always(variable("A", "1")));

        Container adopted = adopt().get(0);
        adopted.execute(List.of("true"), Map.of("B", "2"), "/", Optional.empty());

        assertThat(adopted.grantedCapabilities()).hasValue(Set.of("a", "b"));
        SpawnRequest request = host.init.newest().spawned.get(0);
        assertThat(request.environment()).containsEntry("A", "1").containsEntry("B", "2");
    }

    @Test
    void extendsWhatTheEarlierAgentGranted() {
        earlier.create(Options.PLAIN.value()).grant(Set.of("a"), always(readOnly(data, "/data"), outgoing("10.0.0.1")));

        Containers next = adopt();
        next.get(0)
                .grant(
                        Set.of("b"),
                        always(
                                readOnly(data, "/data"),
                                readOnly(data, "/b"),
                                outgoing("10.0.0.1"),
                                outgoing("10.0.0.2")));

        assertThat(next.get(0).grantedCapabilities()).hasValue(Set.of("a", "b"));
        assertThat(host.containerMounts.mounted()).hasSize(2);
        assertThat(host.network.attached())
                .isEqualTo(Map.of(new ContainerId(0), Set.of(outgoing("10.0.0.1"), outgoing("10.0.0.2"))));
    }

    @Test
    void attachesTheSocketOfAServerThatWasRestartedMeanwhile() throws IOException {
        Path socket = Files.createFile(directory.resolve("socket"));
        earlier.create(Options.PLAIN.value())
                .grant(Set.of("a"), always(new SocketMount(socket, Path.of("/socket"), "test")));
        replace(socket);

        adopt();
        assertThat(host.containerMounts.mounted()).hasSize(1);
        host.calls.reset();
        host.watch.appear(socket);
        assertThat(host.calls.made()).as("it is there already").containsExactly("shows /socket");

        replace(socket);
        host.watch.appear(socket);
        assertThat(host.calls.made()).contains("bindSocket /socket");
    }

    @Test
    void takesADeviceAwayThatWentMeanwhile() {
        host.devices.onHost.put(DEVICE, device(1));
        earlier.create(Options.PLAIN.value()).grant(Set.of("a"), always(DeviceNode.asOnHost(DEVICE)));
        assertThat(host.cgroups.changed()).containsExactly("SC-0 c 10:1 rw");
        host.devices.onHost.remove(DEVICE);

        adopt();

        assertThat(host.cgroups.changed()).isEmpty();
        assertThat(host.devices.inContainers()).isEmpty();
    }

    @Test
    void givesADeviceAgainThatCameBackWithAnotherNumber() {
        host.devices.onHost.put(DEVICE, device(1));
        earlier.create(Options.PLAIN.value()).grant(Set.of("a"), always(DeviceNode.asOnHost(DEVICE)));
        host.devices.onHost.put(DEVICE, device(2));
        Containers second = adopt();
        assertThat(host.cgroups.changed()).containsExactly("SC-0 c 10:2 rw");
        host.devices.onHost.put(DEVICE, device(3));
        second.renewDevices();
        host.devices.onHost.remove(DEVICE);

        Containers third = adopt();

        assertThat(host.cgroups.changed())
                .as("the number of the time before counts")
                .isEmpty();
        host.devices.onHost.put(DEVICE, device(3));
        third.renewDevices();
        assertThat(host.devices.inContainers()).containsOnlyKeys(DEVICE.toString());
    }

    @Test
    void mountsTheNewSocketOfABusThatNobodyServedMeanwhile() {
        BusRule rule = new BusRule(Bus.SYSTEM, BusRule.Direction.BOTH, "a.b", "*", List.of("*"));
        earlier.create(Options.PLAIN.value()).grant(Set.of("a"), always(rule));
        host.busFilter.goesOnWithoutAgent = false;
        host.calls.reset();

        adopt();

        Path inside = Bus.SYSTEM.containerPath();
        assertThat(host.calls.made()).contains("unmount " + inside, "bind " + inside);
        assertThat(host.containerMounts.mounted()).hasSize(1);
        assertThat(host.busFilter.opened()).isEqualTo(Map.of("SC-0 SYSTEM", List.of(rule)));
    }

    @Test
    void goesOnWithoutABusThatTheHostHasNoMore() {
        BusRule rule = new BusRule(Bus.SESSION, BusRule.Direction.BOTH, "a.b", "*", List.of("*"));
        earlier.create(Options.PLAIN.value()).grant(Set.of("a"), always(rule, variable("A", "1")));
        host.busFilter.buses.remove(Bus.SESSION);

        Containers next = adopt();

        next.get(0).execute(List.of("true"), Map.of(), "/", Optional.empty());
    }

    @Test
    void doesNotTrustAContainerWhoseNetworkIsGone() {
        earlier.create(Options.PLAIN.value()).grant(Set.of("a"), always(outgoing("10.0.0.1")));
        earlier.create(Options.PLAIN.value());
        host.network.detach(new ContainerId(0), "bridge");

        Containers next = adopt();

        assertThatThrownBy(() -> next.get(0).suspend()).hasMessage("Container is invalid SC-0");
        assertThat(host.runtime.running()).as("it is not killed").containsKey("SC-0");
        next.get(1).suspend();
    }

    @Test
    void doesNotTrustNetworksWhoseRulesCannotBePutInForce() {
        earlier.create(Options.PLAIN.value()).grant(Set.of("a"), always(outgoing("10.0.0.1")));
        earlier.create(Options.PLAIN.value());
        host.loseAgent();
        host.calls.reset();
        Containers next = new Containers(host.containerHost(), listener);
        host.calls.observe(call -> {
            if (call.equals("enforceAdopted")) {
                throw new SoftwareContainerException(ErrorKind.HOST_REFUSED, "no nft");
            }
        });

        next.recover(Recovery.ADOPT);

        assertThatThrownBy(() -> next.get(0).suspend()).hasMessage("Container is invalid SC-0");
        next.get(1).suspend();
    }

    private Containers adopt() {
        host.loseAgent();
        Containers next = new Containers(host.containerHost(), listener);
        host.rootfs().removeLeftovers(next.recover(Recovery.ADOPT));
        return next;
    }

    private static int create(Containers containers) {
        return containers.create(Options.PLAIN.value()).id().value();
    }

    /** By another file, as a server does that is restarted. */
    private void replace(Path socket) throws IOException {
        Files.move(Files.createFile(directory.resolve("new-socket")), socket, StandardCopyOption.REPLACE_EXISTING);
    }

    private static DeviceFile device(int minor) {
        return new DeviceFile(new DeviceNumber(false, 10, minor), 0660, 0, 0);
    }
}
