package com.pelagicore.softwarecontainer.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.pelagicore.softwarecontainer.config.ContainerOptions;
import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContainersTest {

    private static final ContainerOptions PLAIN = Options.PLAIN.value();

    @TempDir
    private Path directory;

    private final RecordingListener listener = new RecordingListener();
    private ModelHost host;
    private Containers containers;

    @BeforeEach
    void makeHost() {
        host = new ModelHost(directory);
        containers = new Containers(host.containerHost(), listener);
    }

    @Test
    void makesRunningContainersAndListsTheirIdsAscending() {
        for (int i = 0; i < 11; i++) {
            containers.create(PLAIN);
        }

        assertThat(containers.ids()).hasSize(11).isSorted();
        assertThat(host.runtime.running()).hasSize(11).containsKey("SC-10");
        assertThat(containers.get(10).id()).isEqualTo(new ContainerId(10));
    }

    @Test
    void aContainerBelongsToWhoMadeItAndItsJournalSaysSo() throws IOException {
        Container container = containers.create(PLAIN, new Owner(4_000_000_000L));

        assertThat(container.owner()).isEqualTo(new Owner(4_000_000_000L));
        assertThat(Files.readString(host.journals().resolve("SC-0"))).contains("{\"owner\":{\"uid\":4000000000}");
    }

    @Test
    void coversWhatTheKernelTellsBeforeAnythingRunsInTheContainer() {
        containers.create(PLAIN);

        assertThat(host.containerMounts.isProtected(host.runtime.running().get("SC-0")))
                .isTrue();
    }

    @Test
    void refusesLegacyPrivilegesThatAreNotAllowedWithoutAnyTrace() {
        ModelHost.Snapshot before = host.snapshot();

        assertThatThrownBy(() -> containers.create(
                        new ContainerOptions(false, OptionalLong.empty(), OptionalInt.empty(), true, false)))
                .hasMessageContaining("'allow-legacy-containers'")
                .extracting("kind")
                .isEqualTo(ErrorKind.INVALID_ARGUMENT);
        assertThat(host.snapshot()).isEqualTo(before);
    }

    @Test
    void leavesTheHostAsItWasAfterDestroy() {
        ModelHost.Snapshot before = host.snapshot();

        for (Options options : Options.values()) {
            containers.destroy(containers.create(options.value()));
        }

        assertThat(host.snapshot()).isEqualTo(before);
        assertThat(containers.ids()).isEmpty();
        assertThat(listener.heard).isEmpty();
    }

    @Test
    void reusesIdsInTheOrderOfTheOriginal() {
        Container first = containers.create(PLAIN);
        Container second = containers.create(PLAIN);
        containers.destroy(first);
        containers.destroy(second);

        assertThat(List.of(newId(), newId(), newId())).containsExactly(1, 0, 2);
    }

    @ParameterizedTest
    @CsvSource({
        "2147483647,  INVALID_ARGUMENT, Invalid Container ID: 2147483647. ID can not be greater than INT32",
        "-1,          INVALID_ARGUMENT, Invalid Container ID: -1. ID can not be negative",
        "-2147483648, INVALID_ARGUMENT, Invalid Container ID: -2147483648. ID can not be negative",
        "1,           NOT_FOUND,        Invalid Container ID: 1. No container matching that ID exists.",
        "2147483646,  NOT_FOUND,        Invalid Container ID: 2147483646. No container matching that ID exists.",
    })
    void refusesIdsThatNoContainerHas(int id, ErrorKind kind, String text) {
        containers.create(PLAIN);

        SoftwareContainerException refusal =
                catchThrowableOfType(SoftwareContainerException.class, () -> containers.get(id));

        assertThat(refusal).hasMessage(text);
        assertThat(refusal.kind()).isEqualTo(kind);
    }

    @Test
    void saysWhichContainerCouldNotBeMadeAndWhyAndUsesItsIdAgain() {
        containers.create(PLAIN);
        host.calls.observe(call -> {
            if (call.equals("start SC-1")) {
                throw new SoftwareContainerException(ErrorKind.TIMED_OUT, "lxc-start did not end");
            }
        });

        SoftwareContainerException refusal =
                catchThrowableOfType(SoftwareContainerException.class, () -> containers.create(PLAIN));

        assertThat(refusal)
                .hasMessage("Could not initialize SoftwareContainer, container ID: 1: lxc-start did not end")
                .hasNoSuppressedExceptions();
        assertThat(refusal.kind()).isEqualTo(ErrorKind.TIMED_OUT);
        host.calls.observe(call -> {});
        assertThat(newId()).isEqualTo(1);
    }

    @Test
    void passesOverAForeignContainerOfThatNameForGood() {
        host.runtime.runForeign("SC-0");

        Container container = containers.create(PLAIN);
        containers.destroy(container);

        assertThat(container.id().value()).isEqualTo(1);
        assertThat(List.of(newId(), newId())).containsExactly(1, 2);
        assertThat(host.runtime.running()).containsKey("SC-0");
    }

    @Test
    void looksAtForeignNamesAgainAfterACreateThatFailed() {
        host.runtime.runForeign("SC-0");
        host.calls.observe(call -> {
            if (call.equals("start SC-1")) {
                throw new SoftwareContainerException(ErrorKind.HOST_REFUSED, "no more processes");
            }
        });
        assertThatThrownBy(() -> containers.create(PLAIN)).hasMessageContaining("container ID: 1: no more");
        host.calls.observe(call -> {});

        host.runtime.removeForeign("SC-0");

        assertThat(List.of(newId(), newId())).containsExactly(0, 1);
    }

    @Test
    void passesOverWhatAnEarlierContainerLeft() throws IOException {
        Path journal = Files.writeString(host.journals().resolve("SC-0"), "left behind");
        Path planted = Files.createSymbolicLink(host.journals().resolve("SC-1"), directory.resolve("target"));
        Path tree = Files.createDirectory(host.rootOf("SC-2").getParent());

        assertThat(newId()).isEqualTo(3);

        assertThat(journal).hasContent("left behind");
        assertThat(planted).isSymbolicLink();
        assertThat(directory.resolve("target")).doesNotExist();
        assertThat(tree).isEmptyDirectory();
    }

    @Test
    void destroysAllAndMakesNoMore() {
        ModelHost.Snapshot before = host.snapshot();
        containers.create(PLAIN);
        containers.create(Options.BUFFER_IN_MEMORY.value()).suspend();
        host.runtime.kill(containers.create(PLAIN).id().name());

        assertThat(containers.destroyAll()).isTrue();

        assertThat(host.snapshot()).isEqualTo(before);
        assertThat(containers.ids()).isEmpty();
        assertThatThrownBy(() -> containers.create(PLAIN))
                .hasMessage("The agent is shutting down")
                .extracting("kind")
                .isEqualTo(ErrorKind.WRONG_STATE);
    }

    @Test
    void destroysTheOthersIfOneCannotBe() {
        containers.create(PLAIN);
        containers.create(PLAIN);
        containers.create(PLAIN);
        host.calls.observe(call -> {
            if (call.equals("undefine SC-1")) {
                throw new SoftwareContainerException(ErrorKind.HOST_REFUSED, "read-only file system");
            }
        });

        assertThat(containers.destroyAll()).isFalse();

        assertThat(containers.ids()).containsExactly(new ContainerId(1));
        assertThat(host.journals()).isDirectoryContaining("glob:**/SC-1.*").isDirectoryNotContaining("glob:**/SC-[02]");
    }

    private int newId() {
        return containers.create(PLAIN).id().value();
    }

    @Test
    void letsNoCallBeginWhenItIsClosedAndLeavesContainersAsTheyAre() {
        containers.create(PLAIN);
        ModelHost.Snapshot before = host.snapshot();

        containers.close();

        assertThatThrownBy(() -> containers.get(0)).hasMessage("The agent is shutting down");
        assertThatThrownBy(() -> containers.create(PLAIN)).hasMessage("The agent is shutting down");
        assertThat(host.snapshot()).isEqualTo(before);
    }
}
