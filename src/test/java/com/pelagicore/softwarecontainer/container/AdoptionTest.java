package com.pelagicore.softwarecontainer.container;

import static com.pelagicore.softwarecontainer.container.Specs.always;
import static com.pelagicore.softwarecontainer.container.Specs.outgoing;
import static com.pelagicore.softwarecontainer.container.Specs.readOnly;
import static com.pelagicore.softwarecontainer.container.Specs.variable;
import static com.pelagicore.softwarecontainer.container.Specs.writable;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.pelagicore.softwarecontainer.config.ContainerOptions;
import com.pelagicore.softwarecontainer.config.Recovery;
import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import com.pelagicore.softwarecontainer.rootfs.DeviceFile;
import com.pelagicore.softwarecontainer.spec.DeviceNumber;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdoptionTest {

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
    void destroysWhatEndsWithTheConnectionOfItsCreator() {
        earlier.create(new ContainerOptions(false, OptionalLong.empty(), OptionalInt.empty(), false, true));
        earlier.create(Options.PLAIN.value());

        assertThat(adopt().ids()).containsExactly(new ContainerId(1));
    }

    @Test
    void goesOnWithIdsAndHandsOutTheOthers() {
        for (int i = 0; i < 4; i++) {
            earlier.create(Options.PLAIN.value());
        }
        earlier.destroy(earlier.get(0));
        earlier.destroy(earlier.get(2));

        Containers next = adopt();

        assertThat(next.ids()).containsExactly(new ContainerId(1), new ContainerId(3));
        assertThat(List.of(create(next), create(next), create(next))).containsExactly(0, 2, 4);
    }

    @Test
    void changesNothingOfWhatRuns() {
        earlier.create(Options.BUFFER_ON_DISK.value()).bindMounts(Specs.unlimited(writable(data, "/data")));
        earlier.create(Options.BUFFER_IN_MEMORY.value())
                .grant(Set.of("a"), always(variable("A", "1"), readOnly(data, "/data"), outgoing("10.0.0.1")));
        earlier.get(1).suspend();
        ModelHost.Snapshot before = host.snapshot();

        adopt();

        assertThat(host.snapshot()).isEqualTo(before);
        assertThat(host.runtime.frozen()).containsExactly("SC-1");
    }

    @Test
    void goesOnInTheStateThatItIsIn() {
        earlier.create(Options.PLAIN.value()).suspend();
        earlier.create(Options.PLAIN.value());

        Containers next = adopt();

        assertThatThrownBy(() -> next.get(0).suspend()).hasMessage("Invalid to suspend non ready container SC-0");
        next.get(0).resume();
        assertThatThrownBy(() -> next.get(1).resume()).hasMessage("Invalid to resume non suspended container SC-1");
    }

    @Test
    void writesBuffersBackThatTheEarlierAgentMade() throws IOException {
        ModelHost.Snapshot before = host.snapshot();
        earlier.create(Options.BUFFER_IN_MEMORY.value()).bindMounts(Specs.unlimited(writable(data, "/data")));
        Path upper = host.containerMounts.mounted().get(0).upper().orElseThrow();
        Files.writeString(upper.resolve("new"), "saved");

        Containers next = adopt();
        next.destroy(next.get(0));

        assertThat(data.resolve("new")).hasContent("saved");
        Files.delete(data.resolve("new"));
        assertThat(host.snapshot()).isEqualTo(before);
    }

    @Test
    void keepsAContainerThatDiedMeanwhileForItsClientToDestroy() {
        ModelHost.Snapshot before = host.snapshot();
        earlier.create(Options.BUFFER_IN_MEMORY.value()).bindMounts(Specs.unlimited(writable(data, "/data")));
        host.runtime.kill("SC-0");

        Containers next = adopt();

        assertThat(next.ids()).containsExactly(new ContainerId(0));
        assertThatThrownBy(() -> next.get(0).resume()).hasMessage("Container is invalid SC-0");
        next.destroy(next.get(0));
        assertThat(host.snapshot()).isEqualTo(before);
    }

    @Test
    void doesNotTakeAContainerOfSomebodyElseForOurs() {
        earlier.create(Options.PLAIN.value());
        host.runtime.kill("SC-0");
        host.runtime.removeForeign("SC-0");
        host.runtime.runForeign("SC-0");

        Containers next = adopt();
        assertThatThrownBy(() -> next.get(0).execute(List.of("true"), Map.of(), "/", Optional.empty()))
                .hasMessage("Container is invalid SC-0");
        next.destroy(next.get(0));

        assertThat(host.runtime.running()).containsKey("SC-0");
        assertThat(host.runtime.defined()).containsExactly("SC-0");
    }

    @Test
    void finishesADestroyThatHadBegun() {
        ModelHost.Snapshot before = host.snapshot();
        Container container = earlier.create(Options.PLAIN.value());
        host.calls.fail(PortCalls.Failing.BEFORE, 1);
        assertThatThrownBy(() -> earlier.destroy(container)).isNotNull();
        host.calls.reset();
        assertThat(host.runtime.running()).containsKey("SC-0");

        Containers next = adopt();

        assertThat(next.ids()).isEmpty();
        assertThat(host.snapshot()).isEqualTo(before);
    }

    @Test
    void keepsWhatCannotBeDestroyedForTheClientThatWantedIt() {
        ModelHost.Snapshot before = host.snapshot();
        Container container = earlier.create(Options.PLAIN.value());
        host.calls.observe(call -> {
            if (call.equals("undefine SC-0")) {
                throw new IllegalStateException("read-only file system");
            }
        });
        assertThatThrownBy(() -> earlier.destroy(container)).isNotNull();

        Containers next = adopt();
        assertThat(next.ids()).containsExactly(new ContainerId(0));
        Containers third = adopt();
        assertThat(third.ids()).as("half of its journal is undone").containsExactly(new ContainerId(0));

        host.calls.observe(call -> {});
        third.destroy(third.get(0));
        assertThat(host.snapshot()).isEqualTo(before);
    }

    @Test
    void clearsAwayAfterARebootWhatCannotHaveSurvived() throws IOException {
        ModelHost.Snapshot before = host.snapshot();
        earlier.create(Options.BUFFER_ON_DISK.value()).bindMounts(Specs.unlimited(writable(data, "/data")));
        earlier.create(Options.PLAIN.value()).grant(Set.of("a"), always(variable("A", "1"), readOnly(data, "/data")));
        Path upper = host.containerMounts.mounted().get(0).upper().orElseThrow();
        Files.writeString(upper.resolve("new"), "saved");

        Containers next = new Containers(host.afterReboot(), listener);

        assertThat(next.recover(Recovery.ADOPT)).isEmpty();
        assertThat(next.ids()).isEmpty();
        assertThat(data.resolve("new")).hasContent("saved");
        Files.delete(data.resolve("new"));
        assertThat(host.snapshot()).isEqualTo(before);
        assertThat(listener.heard).isEmpty();
    }

    @Test
    void touchesNothingOfAJournalThatItCannotRead() throws IOException {
        earlier.create(Options.PLAIN.value());
        Path journal = host.journals().resolve("SC-0");
        Files.writeString(journal, "{\"commit\":{\"teleport\":1}}\n", StandardOpenOption.APPEND);
        host.loseAgent();
        host.calls.reset();

        Containers next = new Containers(host.containerHost(), listener);

        assertThat(next.recover(Recovery.ADOPT)).containsExactly("SC-0");
        assertThat(host.calls.made()).containsExactly("enforceAdopted", "closeOthers");
        assertThat(host.runtime.running()).containsKey("SC-0");
        assertThat(next.ids()).isEmpty();
        assertThat(create(next)).isEqualTo(1);
    }

    @Test
    void passesOnTheEndsOfProcessesAndSaysWhenTheyAreHeard() {
        earlier.create(Options.PLAIN.value());

        adopt();
        host.init.newest().end(4711, 42 << 8);

        assertThat(listener.heard).containsExactly("SC-0: 4711 ended with 10752");
        assertThat(host.init.newest().heard).containsExactly(4711L);
    }

    @Test
    void doesNotTrustAContainerWhoseInitDoesNotAnswer() {
        earlier.create(Options.PLAIN.value());
        host.loseAgent();
        host.calls.observe(call -> {
            if (call.equals("connect")) {
                throw new SoftwareContainerException(ErrorKind.TIMED_OUT, "init did not listen");
            }
        });
        Containers next = new Containers(host.containerHost(), listener);
        next.recover(Recovery.ADOPT);
        host.calls.observe(call -> {});

        assertThatThrownBy(() -> next.get(0).suspend()).hasMessage("Container is invalid SC-0");
        next.destroy(next.get(0));
        assertThat(host.runtime.running()).isEmpty();
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
