package com.pelagicore.softwarecontainer.container;

import static com.pelagicore.softwarecontainer.container.Specs.always;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.pelagicore.softwarecontainer.config.ContainerOptions;
import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import com.pelagicore.softwarecontainer.process.InitProcess;
import com.pelagicore.softwarecontainer.spec.BindMount;
import com.pelagicore.softwarecontainer.spec.BusAccess;
import com.pelagicore.softwarecontainer.spec.BusRule;
import com.pelagicore.softwarecontainer.spec.BusRule.Bus;
import com.pelagicore.softwarecontainer.spec.BusRule.Direction;
import com.pelagicore.softwarecontainer.spec.EnvironmentVariable;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BusGrantTest {

    private static final BusRule FIRST = rule("a.b");
    private static final BusRule SECOND = rule("c.d");

    @TempDir
    private Path directory;

    private ModelHost host;
    private Containers containers;
    private Container container;

    @BeforeEach
    void makeContainer() {
        host = new ModelHost(directory);
        containers = new Containers(host.containerHost(), new RecordingListener());
        container = containers.create(Options.PLAIN.value());
        host.calls.reset();
    }

    @Test
    void mountsTheSocketOfTheFilter() {
        container.grant(Set.of("a"), always(FIRST, new BusAccess(Bus.SESSION)));

        assertThat(host.busFilter.opened())
                .containsOnly(Map.entry("SC-0 SESSION", List.of()), Map.entry("SC-0 SYSTEM", List.of(FIRST)));
        assertThat(host.containerMounts.mounted())
                .extracting(mounted -> mounted.mount())
                .containsExactly(mount(Bus.SESSION), mount(Bus.SYSTEM));
    }

    @Test
    void opensTheBusAsTheUserOfTheContainer() {
        host.busFilter.users.add(990);
        Container own = containers.create(as(990));

        own.grant(Set.of("a"), always(FIRST));
        container.grant(Set.of("a"), always(FIRST));

        assertThat(host.busFilter.openedAs()).containsOnly(Map.entry("SC-1 SYSTEM", 990));
    }

    @Test
    void createsNothingForAUserThatIsNotAllowed() {
        assertThatThrownBy(() -> containers.create(as(990)))
                .asInstanceOf(InstanceOfAssertFactories.type(SoftwareContainerException.class))
                .returns(ErrorKind.INVALID_ARGUMENT, SoftwareContainerException::kind);

        assertThat(host.calls.made()).containsExactly("requireUser");
    }

    private static ContainerOptions as(int user) {
        return new ContainerOptions(false, OptionalLong.empty(), OptionalInt.of(user), false, false);
    }

    @Test
    void replacesTheRulesOfABusThatIsThere() {
        container.grant(Set.of("a"), always(FIRST));
        host.calls.reset();

        container.grant(Set.of("b"), always(FIRST, SECOND));

        assertThat(host.busFilter.opened()).containsOnly(Map.entry("SC-0 SYSTEM", List.of(FIRST, SECOND)));
        assertThat(host.calls.made()).containsExactly("replaceRules SC-0");
    }

    @Test
    void refusesABusThatTheHostDoesNotHave() {
        host.busFilter.buses.remove(Bus.SESSION);

        assertThatThrownBy(() -> container.grant(Set.of("a"), always(FIRST, new BusAccess(Bus.SESSION))))
                .isInstanceOfSatisfying(SoftwareContainerException.class, error -> assertThat(error.kind())
                        .isEqualTo(ErrorKind.NOT_FOUND));

        assertThat(host.busFilter.opened()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void grantsAllOrNothing(PortCalls.Failing failing) {
        container.grant(Set.of("a"), always(FIRST));
        ModelHost.Snapshot before = host.snapshot();
        // requireBus, open and bind of the session bus, replaceRules of the system bus
        for (int call = 1; call <= 4; call++) {
            host.calls.fail(failing, call);

            assertThatThrownBy(() -> container.grant(Set.of("b"), always(FIRST, SECOND, new BusAccess(Bus.SESSION))))
                    .hasMessageStartingWith("refused: ");

            host.calls.reset();
            assertThat(host.snapshot().buses()).isEqualTo(before.buses());
            assertThat(host.snapshot().mountedInside()).isEqualTo(before.mountedInside());
        }
        container.grant(Set.of("b"), always(FIRST, SECOND, new BusAccess(Bus.SESSION)));
        assertThat(host.busFilter.opened()).hasSize(2);
    }

    @Test
    void leavesTheEnvironmentFileAsItWasIfABusIsRefused() {
        InitProcess init = host.init.newest().init();
        container.grant(Set.of("a"), always(new EnvironmentVariable("A", "1")));
        host.calls.fail(PortCalls.Failing.BEFORE, 3);

        assertThatThrownBy(() -> container.grant(
                        Set.of("b"), always(new EnvironmentVariable("A", "2"), new BusAccess(Bus.SESSION))))
                .hasMessageStartingWith("refused: ");

        assertThat(host.containerMounts.file(init, Path.of("/gateways/env"))).hasValue("export A='1'\n");
    }

    @Test
    void takesTheBusesAwayAtTheEnd() {
        container.grant(Set.of("a"), always(FIRST));
        container.grant(Set.of("b"), always(FIRST, SECOND));

        containers.destroy(container);

        assertThat(host.busFilter.opened()).isEmpty();
    }

    private BindMount mount(Bus bus) {
        return new BindMount(host.busFilter.socket("SC-0", bus), bus.containerPath(), true);
    }

    private static BusRule rule(String interfaceName) {
        return new BusRule(Bus.SYSTEM, Direction.OUTGOING, interfaceName, "*", List.of("*"));
    }
}
