package com.pelagicore.softwarecontainer.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import com.pelagicore.softwarecontainer.process.FakeInitLink;
import com.pelagicore.softwarecontainer.process.FakeTerminal;
import com.pelagicore.softwarecontainer.process.OpenFile;
import com.pelagicore.softwarecontainer.process.Recipients;
import com.pelagicore.softwarecontainer.process.StandardStreams;
import com.pelagicore.softwarecontainer.process.TerminalSize;
import com.pelagicore.softwarecontainer.spec.BindMount;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes of a container: how they are seen, signalled and stopped; and several mounts at once. */
class ProcessVerbsTest {

    private static final StandardStreams NOTHING =
            new StandardStreams.Given(Optional.empty(), Optional.empty(), Optional.empty());

    @TempDir
    private Path directory;

    private final RecordingListener listener = new RecordingListener();
    private ModelHost host;
    private Container container;
    private FakeInitLink init;

    @BeforeEach
    void create() {
        host = new ModelHost(directory);
        container = new Containers(host.containerHost(), listener).create(Options.PLAIN.value());
        init = host.init.newest();
    }

    @Test
    void showsTheProcessesThatRun() {
        long first = execute("/bin/a", "b c");
        long second = execute("/bin/d");
        init.end(first, 0);

        assertThat(container.view().processes()).containsExactly(new RunningProcess(second, List.of("/bin/d")));
    }

    @Test
    void tellsOfEachChange() {
        listener.changes.clear();
        long pid = execute("/bin/a");
        assertThat(listener.changes).isNotEmpty();

        listener.changes.clear();
        init.end(pid, 0);
        assertThat(listener.changes).isNotEmpty();

        listener.changes.clear();
        init.die();
        assertThat(listener.changes).isNotEmpty();
        assertThat(container.view().state()).isEqualTo(ContainerState.INVALID);
    }

    @Test
    void givesTheProcessTheStreamsOfTheCaller() {
        StandardStreams streams =
                new StandardStreams.Given(Optional.of(new OpenFile(7)), Optional.empty(), Optional.of(new OpenFile(8)));

        container.execute(List.of("/bin/a"), Map.of(), "/", streams);

        assertThat(init.spawned.get(0).streams()).isEqualTo(streams);
    }

    @Test
    void givesTheProcessATerminalAndTheCallerItsMaster() {
        TerminalProcess process =
                container.executeInTerminal(List.of("/bin/a"), Map.of(), "/", new TerminalSize(50, 132));

        FakeTerminal terminal = init.terminals.get(0);
        assertThat(process.terminal()).isSameAs(terminal);
        assertThat(terminal.size()).isEqualTo(new TerminalSize(50, 132));
        assertThat(terminal.isSlaveOpen()).isFalse();
        assertThat(terminal.isMasterOpen()).isTrue();
        assertThat(init.spawned.get(0).streams()).isEqualTo(new StandardStreams.OnTerminal(new OpenFile(91)));
    }

    @Test
    void closesTheTerminalOfAProcessThatCannotBeStarted() {
        assertThatThrownBy(() -> container.executeInTerminal(List.of("a\0b"), Map.of(), "/", TerminalSize.USUAL))
                .isInstanceOf(SoftwareContainerException.class);

        assertThat(init.terminals.get(0).isMasterOpen()).isFalse();
        assertThat(init.terminals.get(0).isSlaveOpen()).isFalse();
    }

    @Test
    void signalsAProcessOrItsGroupOrAll() {
        long pid = execute("/bin/a");

        container.signal(pid, Recipients.PROCESS, 10);
        container.signal(pid, Recipients.GROUP, 12);
        container.signalAll(1);

        assertThat(init.signals).containsExactly("10 to PROCESS 5000", "12 to GROUP 5000", "1 to all");
    }

    @Test
    void refusesToSignalOrStopWhatIsNotThere() {
        long ended = execute("/bin/a");
        init.end(ended, 0);

        assertKind(() -> container.signal(ended, Recipients.PROCESS, 1), ErrorKind.NOT_FOUND);
        assertKind(() -> container.signal(1, Recipients.PROCESS, 1), ErrorKind.NOT_FOUND);
        assertKind(() -> container.stop(ended, Duration.ZERO), ErrorKind.NOT_FOUND);
        assertThat(init.signals).isEmpty();
    }

    @Test
    void refusesToSignalAndStopASuspendedContainer() {
        long pid = execute("/bin/a");
        container.suspend();

        assertKind(() -> container.signal(pid, Recipients.PROCESS, 1), ErrorKind.WRONG_STATE);
        assertKind(() -> container.signalAll(1), ErrorKind.WRONG_STATE);
        assertKind(() -> container.stop(pid, Duration.ZERO), ErrorKind.WRONG_STATE);
        assertKind(() -> container.stopAll(Duration.ZERO), ErrorKind.WRONG_STATE);
    }

    @Test
    void stopsAProcessThatEndsInTimeWithoutKillingIt() {
        long pid = execute("/bin/a");

        CompletableFuture<Void> stop = container.stop(pid, Duration.ofHours(1));
        assertThat(stop).isNotDone();
        init.end(pid, 15);

        assertThat(stop).isCompleted();
        assertThat(init.signals).containsExactly("15 to GROUP 5000");
    }

    @Test
    void killsAProcessThatDoesNotEndInTime() throws Exception {
        long pid = execute("/bin/a");

        CompletableFuture<Void> stop = container.stop(pid, Duration.ofMillis(1));
        awaitSignals(2);
        init.end(pid, 9);

        stop.get();
        assertThat(init.signals).containsExactly("15 to GROUP 5000", "9 to GROUP 5000");
    }

    @Test
    void killsAtOnceWithoutGrace() throws Exception {
        long pid = execute("/bin/a");

        CompletableFuture<Void> stop = container.stop(pid, Duration.ZERO);
        awaitSignals(1);
        init.end(pid, 9);

        stop.get();
        assertThat(init.signals).containsExactly("9 to GROUP 5000");
    }

    @Test
    void stopsAllAndKillsWhatIsLeftWhenTheStartedOnesHaveEnded() {
        long first = execute("/bin/a");
        long second = execute("/bin/b");

        CompletableFuture<Void> stop = container.stopAll(Duration.ofHours(1));
        init.end(first, 0);
        assertThat(stop).isNotDone();
        init.end(second, 0);

        assertThat(stop).isCompleted();
        assertThat(init.signals).containsExactly("15 to all", "9 to all");
    }

    @Test
    void aContainerThatDiesEndsAStop() {
        long pid = execute("/bin/a");
        CompletableFuture<Void> stop = container.stopAll(Duration.ofHours(1));

        init.end(pid, 9);
        init.die();

        assertThat(stop).isCompleted();
    }

    @Test
    void mountsSeveralAtOnceOrNone() {
        BindMount good = new BindMount(directory, Path.of("/opt/a"), true);
        BindMount missing = new BindMount(directory.resolve("missing"), Path.of("/opt/b"), true);
        BindMount again = new BindMount(directory, Path.of("/opt/a"), true);
        ModelHost.Snapshot before = host.snapshot();

        assertKind(() -> container.bindMounts(Specs.unlimited(good, missing)), ErrorKind.NOT_FOUND);
        assertKind(() -> container.bindMounts(Specs.unlimited(good, again)), ErrorKind.ALREADY_EXISTS);
        assertThat(host.snapshot()).isEqualTo(before);
        container.bindMounts(Specs.unlimited(good, new BindMount(directory, Path.of("/opt/b"), false)));

        assertThat(host.containerMounts.mounted()).hasSize(2);
        assertThat(container.view().state()).isEqualTo(ContainerState.READY);
    }

    @Test
    void readsUsageFromTheGroupsOfEitherVersion() {
        FakeControlGroups cgroups = host.cgroups;
        assertThat(container.usage().memoryBytes()).isEmpty();

        cgroups.defaults.put("memory.current", "4096");
        cgroups.defaults.put("cpu.stat", "usage_usec 15\nuser_usec 10");
        cgroups.defaults.put("pids.current", "3");

        assertThat(container.usage().memoryBytes()).hasValue(4096);
        assertThat(container.usage().cpuNanos()).hasValue(15_000);
        assertThat(container.usage().tasks()).hasValue(3);

        cgroups.defaults.put("memory.usage_in_bytes", "8192");
        cgroups.defaults.put("cpuacct.usage", "17");

        assertThat(container.usage().memoryBytes()).hasValue(8192);
        assertThat(container.usage().cpuNanos()).hasValue(17);
    }

    private long execute(String... arguments) {
        return container.execute(List.of(arguments), Map.of(), "/", NOTHING);
    }

    private void awaitSignals(int count) {
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (init.signals.size() < count && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
    }

    private static void assertKind(ThrowingCallable call, ErrorKind kind) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(SoftwareContainerException.class, error -> assertThat(error.kind())
                        .isEqualTo(kind));
    }
}
