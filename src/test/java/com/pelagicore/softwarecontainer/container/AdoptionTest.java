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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

    private AdoptionScene scene;

    @BeforeEach
    void makeScene() throws IOException {
        scene = new AdoptionScene(directory);
    }

    @Test
    void destroysWhatEndsWithTheConnectionOfItsCreator() {
        scene.earlier.create(new ContainerOptions(false, OptionalLong.empty(), OptionalInt.empty(), false, true));
        scene.earlier.create(Options.PLAIN.value());

        assertThat(scene.adopt().ids()).containsExactly(new ContainerId(1));
    }

    @Test
    void goesOnWithIdsAndHandsOutTheOthers() {
        for (int i = 0; i < 4; i++) {
            scene.earlier.create(Options.PLAIN.value());
        }
        scene.earlier.destroy(scene.earlier.get(0));
        scene.earlier.destroy(scene.earlier.get(2));

        Containers next = scene.adopt();

        assertThat(next.ids()).containsExactly(new ContainerId(1), new ContainerId(3));
        assertThat(List.of(AdoptionScene.create(next), AdoptionScene.create(next), AdoptionScene.create(next)))
                .containsExactly(0, 2, 4);
    }

    @Test
    void changesNothingOfWhatRuns() {
        scene.earlier.create(Options.BUFFER_ON_DISK.value()).bindMounts(Specs.unlimited(writable(scene.data, "/data")));
        scene.earlier
                .create(Options.BUFFER_IN_MEMORY.value())
                .grant(Set.of("a"), always(variable("A", "1"), readOnly(scene.data, "/data"), outgoing("10.0.0.1")));
        scene.earlier.get(1).suspend();
        ModelHost.Snapshot before = scene.host.snapshot();

        scene.adopt();

        assertThat(scene.host.snapshot()).isEqualTo(before);
        assertThat(scene.host.runtime.frozen()).containsExactly("SC-1");
    }

    @Test
    void goesOnInTheStateThatItIsIn() {
        scene.earlier.create(Options.PLAIN.value()).suspend();
        scene.earlier.create(Options.PLAIN.value());

        Containers next = scene.adopt();

        assertThatThrownBy(() -> next.get(0).suspend()).hasMessage("Invalid to suspend non ready container SC-0");
        next.get(0).resume();
        assertThatThrownBy(() -> next.get(1).resume()).hasMessage("Invalid to resume non suspended container SC-1");
    }

    @Test
    void writesBuffersBackThatTheEarlierAgentMade() throws IOException {
        ModelHost.Snapshot before = scene.host.snapshot();
        scene.earlier
                .create(Options.BUFFER_IN_MEMORY.value())
                .bindMounts(Specs.unlimited(writable(scene.data, "/data")));
        Path upper = scene.host.containerMounts.mounted().get(0).upper().orElseThrow();
        Files.writeString(upper.resolve("new"), "saved");

        Containers next = scene.adopt();
        next.destroy(next.get(0));

        assertThat(scene.data.resolve("new")).hasContent("saved");
        Files.delete(scene.data.resolve("new"));
        assertThat(scene.host.snapshot()).isEqualTo(before);
    }

    @Test
    void keepsAContainerThatDiedMeanwhileForItsClientToDestroy() {
        ModelHost.Snapshot before = scene.host.snapshot();
        scene.earlier
                .create(Options.BUFFER_IN_MEMORY.value())
                .bindMounts(Specs.unlimited(writable(scene.data, "/data")));
        scene.host.runtime.kill("SC-0");

        Containers next = scene.adopt();

        assertThat(next.ids()).containsExactly(new ContainerId(0));
        assertThatThrownBy(() -> next.get(0).resume()).hasMessage("Container is invalid SC-0");
        next.destroy(next.get(0));
        assertThat(scene.host.snapshot()).isEqualTo(before);
    }

    @Test
    void doesNotTakeAContainerOfSomebodyElseForOurs() {
        scene.earlier.create(Options.PLAIN.value());
        scene.host.runtime.kill("SC-0");
        scene.host.runtime.removeForeign("SC-0");
        scene.host.runtime.runForeign("SC-0");

        Containers next = scene.adopt();
        assertThatThrownBy(() -> next.get(0).execute(List.of("true"), Map.of(), "/", Optional.empty()))
                .hasMessage("Container is invalid SC-0");
        next.destroy(next.get(0));

        assertThat(scene.host.runtime.running()).containsKey("SC-0");
        assertThat(scene.host.runtime.defined()).containsExactly("SC-0");
    }

    @Test
    void finishesADestroyThatHadBegun() {
        ModelHost.Snapshot before = scene.host.snapshot();
        Container container = scene.earlier.create(Options.PLAIN.value());
        scene.host.calls.fail(PortCalls.Failing.BEFORE, 1);
        assertThatThrownBy(() -> scene.earlier.destroy(container)).isNotNull();
        scene.host.calls.reset();
        assertThat(scene.host.runtime.running()).containsKey("SC-0");

        Containers next = scene.adopt();

        assertThat(next.ids()).isEmpty();
        assertThat(scene.host.snapshot()).isEqualTo(before);
    }

    @Test
    void keepsWhatCannotBeDestroyedForTheClientThatWantedIt() {
        ModelHost.Snapshot before = scene.host.snapshot();
        Container container = scene.earlier.create(Options.PLAIN.value());
        scene.host.calls.observe(call -> {
            if (call.equals("undefine SC-0")) {
                throw new IllegalStateException("read-only file system");
            }
        });
        assertThatThrownBy(() -> scene.earlier.destroy(container)).isNotNull();

        Containers next = scene.adopt();
        assertThat(next.ids()).containsExactly(new ContainerId(0));
        Containers third = scene.adopt();
        assertThat(third.ids()).as("half of its journal is undone").containsExactly(new ContainerId(0));

        scene.host.calls.observe(call -> {});
        third.destroy(third.get(0));
        assertThat(scene.host.snapshot()).isEqualTo(before);
    }

    @Test
    void clearsAwayAfterARebootWhatCannotHaveSurvived() throws IOException {
        ModelHost.Snapshot before = scene.host.snapshot();
        scene.earlier.create(Options.BUFFER_ON_DISK.value()).bindMounts(Specs.unlimited(writable(scene.data, "/data")));
        scene.earlier
                .create(Options.PLAIN.value())
                .grant(Set.of("a"), always(variable("A", "1"), readOnly(scene.data, "/data")));
        Path upper = scene.host.containerMounts.mounted().get(0).upper().orElseThrow();
        Files.writeString(upper.resolve("new"), "saved");

        Containers next = new Containers(scene.host.afterReboot(), scene.listener);

        assertThat(next.recover(Recovery.ADOPT)).isEmpty();
        assertThat(next.ids()).isEmpty();
        assertThat(scene.data.resolve("new")).hasContent("saved");
        Files.delete(scene.data.resolve("new"));
        assertThat(scene.host.snapshot()).isEqualTo(before);
        assertThat(scene.listener.heard).isEmpty();
    }

    @Test
    void touchesNothingOfAJournalThatItCannotRead() throws IOException {
        scene.earlier.create(Options.PLAIN.value());
        Path journal = scene.host.journals().resolve("SC-0");
        Files.writeString(journal, "{\"commit\":{\"teleport\":1}}\n", StandardOpenOption.APPEND);
        scene.host.loseAgent();
        scene.host.calls.reset();

        Containers next = new Containers(scene.host.containerHost(), scene.listener);

        assertThat(next.recover(Recovery.ADOPT)).containsExactly("SC-0");
        assertThat(scene.host.calls.made()).containsExactly("enforceAdopted", "closeOthers");
        assertThat(scene.host.runtime.running()).containsKey("SC-0");
        assertThat(next.ids()).isEmpty();
        assertThat(AdoptionScene.create(next)).isEqualTo(1);
    }

    @Test
    void passesOnTheEndsOfProcessesAndSaysWhenTheyAreHeard() {
        scene.earlier.create(Options.PLAIN.value());

        scene.adopt();
        scene.host.init.newest().end(4711, 42 << 8);

        assertThat(scene.listener.heard).containsExactly("SC-0: 4711 ended with 10752");
        assertThat(scene.host.init.newest().heard).containsExactly(4711L);
    }

    @Test
    void doesNotTrustAContainerWhoseInitDoesNotAnswer() {
        scene.earlier.create(Options.PLAIN.value());
        scene.host.loseAgent();
        scene.host.calls.observe(call -> {
            if (call.equals("connect")) {
                throw new SoftwareContainerException(ErrorKind.TIMED_OUT, "init did not listen");
            }
        });
        Containers next = new Containers(scene.host.containerHost(), scene.listener);
        next.recover(Recovery.ADOPT);
        scene.host.calls.observe(call -> {});

        assertThatThrownBy(() -> next.get(0).suspend()).hasMessage("Container is invalid SC-0");
        next.destroy(next.get(0));
        assertThat(scene.host.runtime.running()).isEmpty();
    }
}
