package com.pelagicore.softwarecontainer.container;

import static com.pelagicore.softwarecontainer.container.Specs.always;
import static com.pelagicore.softwarecontainer.container.Specs.readOnly;
import static com.pelagicore.softwarecontainer.container.Specs.variable;
import static com.pelagicore.softwarecontainer.container.Specs.writable;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.pelagicore.softwarecontainer.config.Recovery;
import com.pelagicore.softwarecontainer.rootfs.FakeContainerMounts.Mounted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Lets each call fail that a destroy makes; what was written is never lost. */
class DestroyTest {

    private static final String WRITTEN = "written in the container";

    @TempDir
    private Path directory;

    private final RecordingListener listener = new RecordingListener();
    private ModelHost host;
    private Containers containers;
    private Path first;
    private Path second;

    @BeforeEach
    void makeHost() throws IOException {
        host = new ModelHost(directory);
        containers = new Containers(host.containerHost(), listener);
        first = Files.createDirectory(directory.resolve("first"));
        second = Files.createDirectory(directory.resolve("second"));
    }

    @ParameterizedTest
    @MethodSource("com.pelagicore.softwarecontainer.container.CreateRollbackTest#waysToFail")
    void canBeRepeatedWhicheverCallFails(Options options, PortCalls.Failing failing) throws IOException {
        ModelHost.Snapshot before = host.snapshot();
        List<String> calls = callsOfADestroy(options);

        for (int number = 1; number <= calls.size(); number++) {
            String call = calls.get(number - 1);
            Container container = written(options);
            host.calls.fail(failing, number);

            assertThatThrownBy(() -> containers.destroy(container))
                    .hasMessage("Could not destroy the container during shutdown SC-0: refused: " + call);
            assertThat(containers.ids()).as(call).containsExactly(new ContainerId(0));
            assertThat(host.journals()).as(call).isDirectoryContaining("glob:**/SC-0.destroying");
            assertThatThrownBy(() -> execute(container)).hasMessage("Container is invalid SC-0");

            host.calls.reset();
            containers.destroy(container);
            assertThat(host.snapshot()).as(call).isEqualTo(before);
            requireWrittenBack(options, call);
        }
        assertThat(listener.heard).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("com.pelagicore.softwarecontainer.container.CreateRollbackTest#waysToFail")
    void isFinishedByTheNextAgentWhicheverCallFails(Options options, PortCalls.Failing failing) throws IOException {
        ModelHost.Snapshot before = host.snapshot();
        List<String> calls = callsOfADestroy(options);

        for (int number = 1; number <= calls.size(); number++) {
            String call = calls.get(number - 1);
            Container container = written(options);
            host.calls.fail(failing, number);
            assertThatThrownBy(() -> containers.destroy(container)).hasMessageEndingWith(call);

            host.calls.reset();
            assertThat(new Containers(host.containerHost(), listener).recover(Recovery.DESTROY))
                    .isEmpty();

            assertThat(host.snapshot().files()).as(call).isEqualTo(before.files());
            assertThat(host.snapshot().running()).isEmpty();
            requireWrittenBack(options, call);
            containers = new Containers(host.containerHost(), listener);
        }
    }

    /** The file is in the directory of the host, or still in its buffer; then everything is deleted. */
    @Test
    void neverDeletesABufferThatIsNotWrittenBack() throws IOException {
        int calls = callsOfADestroy(Options.BUFFER_IN_MEMORY).size();

        for (int number = 1; number <= calls; number++) {
            Container container = written(Options.BUFFER_IN_MEMORY);
            List<Path> uppers = uppers();
            assertThat(uppers).hasSize(2);
            host.calls.fail(PortCalls.Failing.BEFORE, number);
            assertThatThrownBy(() -> containers.destroy(container)).isNotNull();

            for (int i = 0; i < uppers.size(); i++) {
                boolean isSafe = Files.exists(uppers.get(i).resolve("new"))
                        || Files.exists(List.of(first, second).get(i).resolve("new"));
                assertThat(isSafe).as("call " + number + ", buffer " + i).isTrue();
            }
            host.calls.reset();
            containers.destroy(container);
            requireWrittenBack(Options.BUFFER_IN_MEMORY, "call " + number);
        }
    }

    @Test
    void stopsAllProcessesBeforeAnythingElse() throws IOException {
        List<String> calls = callsOfADestroy(Options.BUFFER_IN_MEMORY);

        assertThat(calls).startsWith("stop SC-0", "close");
        assertThat(calls.subList(2, 5))
                .containsExactly(
                        "writeBack " + layers(1).resolve("upper"),
                        "delete " + layers(1),
                        "writeBack " + layers(0).resolve("upper"));
    }

    @Test
    void happensOnceIfItIsAskedForTwice() throws IOException {
        Container container = written(Options.PLAIN);
        containers.destroy(container);

        assertThatThrownBy(() -> containers.destroy(container))
                .hasMessage("Invalid to shut down container which is not ready or suspended SC-0");

        assertThat(containers.create(Options.PLAIN.value()).id()).isEqualTo(new ContainerId(0));
        assertThat(containers.create(Options.PLAIN.value()).id()).isEqualTo(new ContainerId(1));
    }

    private Path layers(int number) {
        return host.rootOf("SC-0").resolveSibling("buffer").resolve("mount-" + number);
    }

    private List<String> callsOfADestroy(Options options) throws IOException {
        Container container = written(options);
        host.calls.reset();
        containers.destroy(container);
        List<String> calls = host.calls.made();
        requireWrittenBack(options, "no call failed");
        assertThat(calls).hasSizeGreaterThan(6);
        return calls;
    }

    /** A container with a file in each of its buffers. */
    private Container written(Options options) throws IOException {
        Container container = containers.create(options.value());
        container.grant(Set.of("a"), always(variable("A", "1"), writable(first, "/first"), readOnly(second, "/fixed")));
        container.bindMounts(Specs.unlimited(writable(second, "/second")));
        execute(container);
        for (Path upper : uppers()) {
            Files.writeString(upper.resolve("new"), WRITTEN);
        }
        return container;
    }

    private List<Path> uppers() {
        return host.containerMounts.mounted().stream()
                .map(Mounted::upper)
                .flatMap(Optional::stream)
                .toList();
    }

    private void requireWrittenBack(Options options, String when) throws IOException {
        for (Path hostPath : List.of(first, second)) {
            Path file = hostPath.resolve("new");
            if (options.value().writeBuffer()) {
                assertThat(file).as(when).hasContent(WRITTEN);
            }
            Files.deleteIfExists(file);
        }
    }

    private static void execute(Container container) {
        container.execute(List.of("true"), Map.of(), "/", Optional.empty());
    }
}
