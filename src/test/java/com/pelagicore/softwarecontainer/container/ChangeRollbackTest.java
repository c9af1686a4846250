package com.pelagicore.softwarecontainer.container;

import static com.pelagicore.softwarecontainer.container.Specs.always;
import static com.pelagicore.softwarecontainer.container.Specs.readOnly;
import static com.pelagicore.softwarecontainer.container.Specs.variable;
import static com.pelagicore.softwarecontainer.container.Specs.writable;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Lets each call fail that a change of a running container makes. */
class ChangeRollbackTest {

    @TempDir
    private Path directory;

    private ModelHost host;
    private Containers containers;
    private Path data;

    @BeforeEach
    void makeHost() throws IOException {
        host = new ModelHost(directory);
        containers = new Containers(host.containerHost(), new RecordingListener());
        data = Files.createDirectory(directory.resolve("data"));
    }

    @ParameterizedTest
    @MethodSource("com.pelagicore.softwarecontainer.container.CreateRollbackTest#waysToFail")
    void grantsAllOrNothing(Options options, PortCalls.Failing failing) {
        Container container = granted(options);

        int calls = failAtEachCall(options, failing, container, this::grantMore);

        assertThat(calls).isEqualTo(6);
        assertThat(container.grantedCapabilities()).hasValue(Set.of("first"));
        grantMore(container);
        assertThat(host.containerMounts.mounted()).hasSize(4);
    }

    @ParameterizedTest
    @MethodSource("com.pelagicore.softwarecontainer.container.CreateRollbackTest#waysToFail")
    void connectsToTheNetworkOrLeavesAllAsItWas(Options options, PortCalls.Failing failing) {
        Container container = granted(options);

        assertThat(failAtEachCall(options, failing, container, each -> network(each, "10.0.0.1")))
                .isEqualTo(3);

        network(container, "10.0.0.1");
        assertThat(host.network.attached()).isEqualTo(Map.of(container.id(), Set.of(Specs.outgoing("10.0.0.1"))));
    }

    @ParameterizedTest
    @MethodSource("com.pelagicore.softwarecontainer.container.CreateRollbackTest#waysToFail")
    void extendsNetworkRulesOrLeavesThemAsTheyWere(Options options, PortCalls.Failing failing) {
        Container container = granted(options);
        network(container, "10.0.0.1");
        ModelHost.Snapshot before = host.snapshot();

        for (int call = 1; call <= 3; call++) {
            host.calls.fail(failing, call);
            assertThatThrownBy(() -> network(container, "10.0.0.2")).isInstanceOf(SoftwareContainerException.class);
            assertThat(host.snapshot()).isEqualTo(before);
        }

        host.calls.reset();
        network(container, "10.0.0.2");
        assertThat(host.calls.made()).containsExactly("prepare", "replace", "writeFile /gateways/env");
        assertThat(host.network.attached()).isEqualTo(Map.of(container.id(), Set.of(Specs.outgoing("10.0.0.2"))));
    }

    private void network(Container container, String peer) {
        container.grant(Set.of(peer), always(Specs.outgoing(peer), variable("A", peer), readOnly(data, "/widened")));
    }

    private void grantMore(Container container) {
        container.grant(
                Set.of("more"),
                always(
                        variable("A", "2"),
                        writable(data, "/widened"),
                        readOnly(data, "/fixed"),
                        readOnly(directory, "/widened/in")));
    }

    @ParameterizedTest
    @MethodSource("com.pelagicore.softwarecontainer.container.CreateRollbackTest#waysToFail")
    void mountsOrLeavesAllAsItWas(Options options, PortCalls.Failing failing) {
        Container container = granted(options);

        int calls = failAtEachCall(options, failing, container, this::mount);

        assertThat(calls).isEqualTo(2);
        mount(container);
        assertThat(host.containerMounts.mounted()).hasSize(2);
    }

    private void mount(Container container) {
        container.bindMounts(Specs.unlimited(writable(data, "/app")));
    }

    private Container granted(Options options) {
        Container container = containers.create(options.value());
        container.grant(Set.of("first"), always(variable("A", "1"), readOnly(data, "/widened")));
        return container;
    }

    @ParameterizedTest
    @EnumSource(Options.class)
    void canOnlyBeDestroyedIfAChangeCannotBeUndone(Options options) {
        ModelHost.Snapshot before = host.snapshot();
        Container container = granted(options);
        host.calls.fail(PortCalls.Failing.AFTER, 2, 3);

        assertThatThrownBy(() -> mount(container)).hasMessageEndingWith(" /app");

        assertThat(host.calls.made()).last().isEqualTo("unmount /app");
        host.calls.reset();
        assertThatThrownBy(() -> mount(container)).hasMessageEndingWith("Container is invalid SC-0");
        containers.destroy(container);
        assertThat(host.snapshot()).isEqualTo(before);
    }

    /** The container stays usable, and its journal byte for byte what it was. */
    private int failAtEachCall(
            Options options, PortCalls.Failing failing, Container container, Consumer<Container> change) {
        ModelHost.Snapshot before = host.snapshot();
        List<String> calls = callsOf(options, change);
        for (int number = 1; number <= calls.size(); number++) {
            host.calls.fail(failing, number);
            assertThatThrownBy(() -> change.accept(container))
                    .as(calls.get(number - 1))
                    .isInstanceOf(SoftwareContainerException.class)
                    .hasMessageEndingWith("refused: " + calls.get(number - 1))
                    .hasNoSuppressedExceptions();
            assertThat(host.snapshot()).as(calls.get(number - 1)).isEqualTo(before);
        }
        host.calls.reset();
        assertThat(container.execute(List.of("true"), Map.of(), "/", Optional.empty()))
                .isPositive();
        return calls.size();
    }

    /** Seen at a second container, which is destroyed again. */
    private List<String> callsOf(Options options, Consumer<Container> change) {
        Container other = granted(options);
        host.calls.reset();
        change.accept(other);
        List<String> calls = host.calls.made();
        containers.destroy(other);
        host.calls.reset();
        return calls;
    }
}
