package com.pelagicore.softwarecontainer.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.pelagicore.softwarecontainer.config.Recovery;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Lets each call fail that a create makes, and each call that then undoes it. */
class CreateRollbackTest {

    @TempDir
    private Path directory;

    private ModelHost host;
    private Containers containers;
    private ModelHost.Snapshot before;

    @BeforeEach
    void makeHost() {
        host = new ModelHost(directory);
        containers = new Containers(host.containerHost(), new RecordingListener());
        before = host.snapshot();
    }

    static Stream<Arguments> waysToFail() {
        return Arrays.stream(Options.values()).flatMap(options -> Arrays.stream(PortCalls.Failing.values())
                .map(failing -> Arguments.of(options, failing)));
    }

    @ParameterizedTest
    @MethodSource("waysToFail")
    void leavesNothingBehindWhicheverCallFails(Options options, PortCalls.Failing failing) {
        List<String> calls = callsOfACreate(options);

        for (int number = 1; number <= calls.size(); number++) {
            host.calls.fail(failing, number);
            assertThatThrownBy(() -> containers.create(options.value()))
                    .as(calls.get(number - 1))
                    .hasMessage("Could not initialize SoftwareContainer, container ID: 0: refused: "
                            + calls.get(number - 1))
                    .hasNoSuppressedExceptions();

            assertThat(host.snapshot()).as(calls.get(number - 1)).isEqualTo(before);
            assertThat(containers.ids()).isEmpty();
        }

        host.calls.reset();
        assertThat(containers.create(options.value()).id()).isEqualTo(new ContainerId(0));
    }

    @ParameterizedTest
    @MethodSource("waysToFail")
    void leavesToTheNextAgentWhatCouldNotBeUndone(Options options, PortCalls.Failing failing) {
        int calls = callsOfACreate(options).size();
        int leftOver = 0;

        for (int number = 1; number <= calls; number++) {
            for (int undoing = number + 1; failsAt(options, failing, number, undoing); undoing++) {
                leftOver++;
                assertThat(host.journals()).isDirectoryContaining("glob:**/SC-0");
                host.calls.reset();
                Container next = containers.create(options.value());
                assertThat(next.id()).as("0 is passed over").isEqualTo(new ContainerId(1));
                containers.destroy(next);

                Recovery recovery = Recovery.values()[undoing % 2];
                assertThat(new Containers(host.containerHost(), new RecordingListener()).recover(recovery))
                        .isEmpty();
                assertThat(host.snapshot()).isEqualTo(before);
                forgetIds();
            }
        }

        assertThat(leftOver).isGreaterThan(10);
    }

    /** False if the create does not get to a second call that fails. */
    private boolean failsAt(Options options, PortCalls.Failing failing, int number, int undoing) {
        host.calls.fail(failing, number, undoing);
        assertThatThrownBy(() -> containers.create(options.value())).isInstanceOf(SoftwareContainerException.class);
        return host.calls.made().size() >= undoing;
    }

    private void forgetIds() {
        containers = new Containers(host.containerHost(), new RecordingListener());
    }

    private List<String> callsOfACreate(Options options) {
        host.calls.reset();
        Container container = containers.create(options.value());
        List<String> calls = host.calls.made();
        containers.destroy(container);
        assertThat(calls).hasSizeGreaterThanOrEqualTo(4).contains("define SC-0", "start SC-0");
        return calls;
    }
}
