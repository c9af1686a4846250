package com.pelagicore.softwarecontainer.container;

import static com.pelagicore.softwarecontainer.container.Specs.always;
import static com.pelagicore.softwarecontainer.container.Specs.outgoing;
import static com.pelagicore.softwarecontainer.container.Specs.readOnly;
import static com.pelagicore.softwarecontainer.container.Specs.variable;
import static com.pelagicore.softwarecontainer.container.Specs.writable;
import static org.assertj.core.api.Assertions.assertThat;

import com.pelagicore.softwarecontainer.container.PortCalls.Failing;
import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import com.pelagicore.softwarecontainer.rootfs.FakeTrees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/**
 * Any sequence of verbs about several containers, which die, on a host whose calls fail: the table of {@link Verb} holds,
 * and in the end nothing is left.
 */
class VerbSequencesTest {

    private static final int CONTAINERS = 3;
    private static final int MAX_PORT_CALLS = 30;

    /** What can happen to a container. */
    enum Action {
        CREATE,
        GRANT,
        BIND_MOUNT,
        EXECUTE,
        SUSPEND,
        RESUME,
        DESTROY,
        DIE
    }

    /**
     * One of a sequence.
     *
     * @param container whose turn it is, whether or not there is one
     * @param fault which call of a port fails; 0: none
     */
    record Step(Action action, int container, int fault, Failing failing) {}

    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<Integer> fault = Arbitraries.frequencyOf(
                Tuple.of(3, Arbitraries.just(0)),
                Tuple.of(1, Arbitraries.integers().between(1, MAX_PORT_CALLS)));
        return Combinators.combine(
                        Arbitraries.of(Action.class),
                        Arbitraries.integers().between(0, CONTAINERS - 1),
                        fault,
                        Arbitraries.of(Failing.class))
                .as(Step::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(40);
    }

    @Property(tries = 200)
    void theTableOfStatesHoldsAndNothingIsLeft(@ForAll("steps") List<Step> steps) throws IOException {
        Path directory = Files.createTempDirectory("softwarecontainer-");
        try {
            new World(directory).play(steps);
        } finally {
            new FakeTrees().delete(directory);
        }
    }

    /** A host, its containers, and what state each of them should be in. */
    private static final class World {

        private final ModelHost host;
        private final Path data;
        private final ModelHost.Snapshot empty;
        private final Containers containers;
        private final Map<Integer, ContainerState> expected = new TreeMap<>();
        /** As ContainerIdsTest has them. */
        private final ContainerIds ids = new ContainerIds();

        private int mounts;

        World(Path directory) throws IOException {
            data = Files.createDirectory(directory.resolve("data"));
            host = new ModelHost(directory);
            host.cgroups.defaults.put("memory.max", "max");
            empty = host.snapshot();
            containers = new Containers(host.containerHost(), new RecordingListener());
        }

        void play(List<Step> steps) {
            for (Step step : steps) {
                take(step);
                assertThat(numbers()).as("containers after " + step).containsExactlyElementsOf(expected.keySet());
                expected.forEach(
                        (id, state) -> assertThat(containers.get(id).view().state())
                                .as("container %d after %s", id, step)
                                .isEqualTo(state));
            }
            host.calls.reset();
            List.copyOf(expected.keySet()).forEach(id -> containers.destroy(containers.get(id)));
            assertThat(host.snapshot()).isEqualTo(empty);
        }

        private List<Integer> numbers() {
            return containers.ids().stream().map(ContainerId::value).toList();
        }

        private void take(Step step) {
            if (step.action() == Action.DIE) {
                host.calls.reset();
                host.runtime.kill("SC-" + step.container());
                expected.computeIfPresent(step.container(), (id, state) -> ContainerState.INVALID);
                return;
            }
            host.calls.fail(step.failing(), step.fault());
            Optional<SoftwareContainerException> failure = failure(() -> make(step));
            boolean faulty = step.fault() > 0 && host.calls.made().size() >= step.fault();
            host.calls.reset();
            if (step.action() == Action.CREATE) {
                created(failure, faulty);
            } else {
                changed(step, failure, faulty);
            }
        }

        private void make(Step step) {
            if (step.action() == Action.CREATE) {
                containers.create(Options.values()[step.container()].value());
                return;
            }
            Container container = containers.get(step.container());
            switch (step.action()) {
                case GRANT ->
                    container.grant(
                            Set.of("all"), always(variable("A", "1"), writable(data, "/data"), outgoing("10.0.0.1")));
                case BIND_MOUNT -> container.bindMounts(Specs.unlimited(readOnly(data, "/mounted/" + mounts++)));
                case EXECUTE -> container.execute(List.of("true"), Map.of(), "/", Optional.empty());
                case SUSPEND -> container.suspend();
                case RESUME -> container.resume();
                default -> containers.destroy(container);
            }
        }

        private void created(Optional<SoftwareContainerException> failure, boolean faulty) {
            int id = ids.take().value();
            if (failure.isEmpty()) {
                expected.put(id, ContainerState.READY);
            } else {
                assertThat(faulty).as("a fault is behind " + failure).isTrue();
                ids.giveBack(new ContainerId(id));
            }
        }

        private void changed(Step step, Optional<SoftwareContainerException> failure, boolean faulty) {
            ContainerState before = expected.get(step.container());
            if (before == null) {
                assertThat(failure.orElseThrow().kind()).isEqualTo(ErrorKind.NOT_FOUND);
                return;
            }
            Verb verb = Verb.valueOf(step.action().name());
            if (!isAllowed(verb, before, step.container())) {
                assertThat(failure.orElseThrow().kind()).isEqualTo(ErrorKind.WRONG_STATE);
            } else if (failure.isEmpty()) {
                put(step.container(), verb.leadsTo());
            } else {
                assertThat(faulty).as("a fault is behind " + failure).isTrue();
                // one fault can always be undone; a container that is half destroyed can only be destroyed
                put(step.container(), verb == Verb.DESTROY ? ContainerState.INVALID : before);
            }
        }

        private void put(int id, ContainerState state) {
            if (state == ContainerState.DESTROYED) {
                expected.remove(id);
                ids.giveBack(new ContainerId(id));
            } else {
                expected.put(id, state);
            }
        }

        private static boolean isAllowed(Verb verb, ContainerState state, int id) {
            return failure(() -> verb.check(state, new ContainerId(id))).isEmpty();
        }

        private static Optional<SoftwareContainerException> failure(Runnable action) {
            List<SoftwareContainerException> failures = new ArrayList<>();
            try {
                action.run();
            } catch (SoftwareContainerException e) {
                failures.add(e);
            }
            return failures.stream().findFirst();
        }
    }
}
