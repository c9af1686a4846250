package com.pelagicore.softwarecontainer.container;

import static com.pelagicore.softwarecontainer.container.Specs.always;
import static com.pelagicore.softwarecontainer.container.Specs.readOnly;
import static com.pelagicore.softwarecontainer.container.Specs.variable;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.process.HostUser;
import com.pelagicore.softwarecontainer.process.OutputTarget;
import com.pelagicore.softwarecontainer.process.SpawnRequest;
import com.pelagicore.softwarecontainer.process.StandardStreams;
import com.pelagicore.softwarecontainer.spec.ContainerSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContainerTest {

    @TempDir
    private Path directory;

    private final RecordingListener listener = new RecordingListener();
    private ModelHost host;
    private Containers containers;
    private Container container;

    @BeforeEach
    void makeContainer() {
        host = new ModelHost(directory);
        containers = new Containers(host.containerHost(), listener);
        container = containers.create(Options.PLAIN.value());
    }

    @Test
    void startsProcessesWithWhatIsGrantedUnderWhatTheCallerGives() {
        container.grant(Set.of("a"), always(variable("A", "granted"), variable("B", "granted")));

        OutputTarget output = new OutputTarget(directory.resolve("log"), HostUser.ROOT);
        long pid = container.execute(List.of("app", "-x"), Map.of("B", "caller's"), "/tmp", Optional.of(output));

        SpawnRequest request = host.init.newest().spawned.get(0);
        assertThat(pid).isEqualTo(5000);
        assertThat(request.arguments()).containsExactly("app", "-x");
        assertThat(request.environment())
                .containsEntry("A", "granted")
                .containsEntry("B", "caller's")
                .containsOnlyKeys("A", "B", "PATH", "container");
        assertThat(request.workingDirectory()).isEqualTo("/tmp");
        assertThat(request.streams()).isEqualTo(new StandardStreams.ToFile(Optional.of(output)));
    }

    @Test
    void passesOnTheEndsOfProcesses() {
        long pid = execute();

        host.init.newest().end(pid, 10752);

        assertThat(listener.heard).containsExactly("SC-0: 5000 ended with 10752");
    }

    @Test
    void isFrozenWhileSuspended() {
        container.suspend();

        assertThat(host.runtime.frozen()).containsExactly("SC-0");
        assertRefused(this::execute, "Invalid to execute code in non ready container SC-0");

        container.resume();

        assertThat(host.runtime.frozen()).isEmpty();
        assertThat(execute()).isPositive();
    }

    @Test
    void staysReadyIfItCannotBeSuspended() {
        host.calls.fail(PortCalls.Failing.BEFORE, 1);
        assertThatThrownBy(container::suspend).hasMessage("refused: freeze SC-0");

        assertThat(execute()).isPositive();
        assertRefused(container::resume, "Invalid to resume non suspended container SC-0");
    }

    @Test
    void staysSuspendedIfItCannotBeResumed() {
        container.suspend();
        host.calls.fail(PortCalls.Failing.BEFORE, 1);
        assertThatThrownBy(container::resume).hasMessage("refused: unfreeze SC-0");

        assertRefused(this::execute, "Invalid to execute code in non ready container SC-0");
        container.resume();
        assertThat(execute()).isPositive();
    }

    @Test
    void canOnlyBeDestroyedWhenItDied() {
        host.runtime.kill("SC-0");

        assertThat(listener.heard).containsExactly("SC-0 died");
        assertThat(containers.ids()).containsExactly(new ContainerId(0));
        assertRefused(this::execute, "Container is invalid SC-0");
        assertRefused(container::suspend, "Container is invalid SC-0");
        assertRefused(container::resume, "Container is invalid SC-0");
        assertRefused(
                () -> container.bindMounts(Specs.unlimited(readOnly(directory, "/app"))), "Container is invalid SC-0");
        assertRefused(() -> container.grant(Set.of("a"), names -> ContainerSpec.EMPTY), "Container is invalid SC-0");
        containers.destroy(container);
        assertThat(containers.ids()).isEmpty();
        assertThat(host.snapshot().files().keySet()).noneMatch(file -> file.contains("SC-0"));
    }

    @Test
    void isNamedByTheErrorOfACallThatFindsItDeadFirst() {
        host.init.newest().dieUnnoticed();

        assertRefused(this::execute, "Container is invalid SC-0: the container has died");
        assertRefused(container::suspend, "Container is invalid SC-0");
    }

    @Test
    void diesSuspendedAsWell() {
        container.suspend();
        host.runtime.kill("SC-0");

        assertRefused(container::resume, "Container is invalid SC-0");
    }

    @Test
    void isDestroyedSuspendedWithoutBeingCalledDead() {
        container.suspend();

        containers.destroy(container);

        assertThat(host.runtime.running()).isEmpty();
        assertThat(listener.heard).isEmpty();
    }

    @Test
    void refusesToMountWhatDoesNotExistAndSaysBothPaths() {
        ModelHost.Snapshot before = host.snapshot();
        Path missing = directory.resolve("missing");

        assertThatThrownBy(() -> container.bindMounts(Specs.unlimited(readOnly(missing, "/app"))))
                .hasMessage(
                        "Unable to bind mount " + missing + " to /app: '" + missing + "' does not exist on the host")
                .extracting("kind")
                .isEqualTo(ErrorKind.NOT_FOUND);

        assertThat(host.snapshot()).isEqualTo(before);
    }

    @Test
    void mountsOnceAtAPath() {
        container.bindMounts(Specs.unlimited(readOnly(directory, "/app")));

        assertThatThrownBy(() -> container.bindMounts(Specs.unlimited(readOnly(directory, "/app"))))
                .hasMessage("Unable to bind mount " + directory
                        + " to /app: something is mounted at '/app' in the container already")
                .extracting("kind")
                .isEqualTo(ErrorKind.ALREADY_EXISTS);

        container.bindMounts(Specs.unlimited(readOnly(directory, "/other/app")));
        assertThat(host.containerMounts.mounted()).hasSize(2);
    }

    private long execute() {
        return container.execute(List.of("true"), Map.of(), "/", Optional.empty());
    }

    private static void assertRefused(ThrowingCallable verb, String text) {
        assertThatThrownBy(verb).hasMessage(text).extracting("kind").isEqualTo(ErrorKind.WRONG_STATE);
    }
}
