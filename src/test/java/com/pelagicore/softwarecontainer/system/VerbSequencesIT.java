package com.pelagicore.softwarecontainer.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * Any sequence of calls of several clients, some of whom hang up before they are answered, about real containers, which
 * die: each call is answered as the table of states and the owner of the container say, and in the end nothing is left.
 */
class VerbSequencesIT {

    private static final String DENIED = "org.freedesktop.DBus.Error.AccessDenied";
    private static final int CONTAINERS = 4;

    private static HostSnapshot before;
    private static LiveAgent agent;
    private static OtherUser bob;
    private static OtherUser carol;

    enum Action {
        CREATE,
        GRANT,
        BIND_MOUNT,
        BIND_MOUNT_OF_NOTHING,
        EXECUTE,
        SUSPEND,
        RESUME,
        DESTROY,
        DIE,
        EXECUTE_AND_HANG_UP
    }

    enum State {
        READY,
        SUSPENDED,
        DEAD
    }

    /**
     * One of a sequence.
     *
     * @param client who calls: 0 is root
     * @param container whose turn it is, whether or not there is one
     */
    record Step(Action action, int client, int container) {}

    private record Expected(int owner, State state) {}

    @BeforeContainer
    static void startAgent() throws IOException {
        before = HostSnapshot.take();
        agent = new LiveAgent(Files.createTempDirectory(Path.of("/tmp"), "softwarecontainer-it-"));
        agent.start();
        bob = OtherUser.member(agent, OtherUser.BOB);
        carol = OtherUser.member(agent, OtherUser.CAROL);
        try (AgentClient first = agent.connect()) {
            // makes the template, which stays
            first.destroy(first.create());
        }
    }

    @AfterContainer
    static void stopAgent() {
        bob.close();
        carol.close();
        agent.close();
        before.assertRestored();
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        return Combinators.combine(
                        Arbitraries.of(Action.class),
                        Arbitraries.integers().between(0, 2),
                        Arbitraries.integers().between(0, CONTAINERS - 1))
                .as(Step::new)
                .list()
                .ofMinSize(5)
                .ofMaxSize(60);
    }

    @Property(tries = 60)
    void everyCallIsAnsweredAsTheTableOfStatesSaysAndNothingIsLeft(@ForAll("steps") List<Step> steps) {
        try (World world = new World()) {
            world.play(steps);
        }
    }

    private static final class World implements AutoCloseable {

        private final List<Path> atFirst = ofContainers();
        private final List<AgentClient> clients = new ArrayList<>(List.of(connect(0), connect(1), connect(2)));
        private final Map<Integer, Expected> expected = new TreeMap<>();
        private int mounts;

        private static AgentClient connect(int client) {
            return client == 0 ? agent.connect() : client == 1 ? bob.connect() : carol.connect();
        }

        void play(List<Step> steps) {
            for (Step step : steps) {
                take(step);
                assertThat(clients.get(0).list()).as("containers after " + step).hasSameElementsAs(expected.keySet());
            }
        }

        private void take(Step step) {
            if (step.action() == Action.CREATE) {
                create(step.client());
                return;
            }
            Expected container = expected.get(step.container());
            if (step.action() == Action.DIE) {
                if (container != null) {
                    kill(step.container(), container);
                }
                return;
            }
            Optional<BusError> refusal = step.action() == Action.EXECUTE_AND_HANG_UP
                    ? executeAndHangUp(step)
                    : refusal(() -> make(step, clients.get(step.client())));
            check(step, container, refusal);
        }

        private void create(int client) {
            int id = clients.get(client).create();
            assertThat(expected.put(id, new Expected(client, State.READY))).isNull();
        }

        /** Its init, as the host sees it: the parent of what is started. */
        private void kill(int id, Expected container) {
            AgentClient root = clients.get(0);
            if (container.state() == State.SUSPENDED) {
                root.resume(id);
            }
            if (container.state() != State.DEAD) {
                HostProcess started =
                        new HostProcess(root.execute(id, "/bin/sleep 1000").pid());
                long init = started.parent();
                new HostProcess(init).kill();
                Deadlines.await(() -> !new HostProcess(init).isAlive() && !started.isAlive());
            }
            expected.put(id, new Expected(container.owner(), State.DEAD));
        }

        private void make(Step step, AgentClient client) {
            int id = step.container();
            switch (step.action()) {
                case GRANT -> client.setCapabilities(id, TestManifests.GREETING);
                case BIND_MOUNT -> clients.get(0).bindMount(id, agent.data(), "/mounted/" + mounts++, true);
                case BIND_MOUNT_OF_NOTHING -> clients.get(0).bindMount(id, Path.of("/no/such"), "/x", true);
                case EXECUTE ->
                    assertThat(client.execute(id, "/bin/true").status()).isZero();
                case SUSPEND -> client.suspend(id);
                case RESUME -> client.resume(id);
                default -> client.destroy(id);
            }
        }

        /** The call is at the bus before its caller goes; what comes of it nobody hears. */
        private Optional<BusError> executeAndHangUp(Step step) {
            AgentClient client = clients.get(step.client());
            Object ignored = client.send(
                    "Execute",
                    "isssa{ss}",
                    step.container(),
                    "/bin/true",
                    "/",
                    client.newOutputFile().toString(),
                    Map.of());
            client.close();
            clients.set(step.client(), connect(step.client()));
            return Optional.empty();
        }

        private void check(Step step, Expected container, Optional<BusError> refusal) {
            if (step.action() == Action.EXECUTE_AND_HANG_UP) {
                return;
            }
            boolean byRoot = step.client() == 0
                    || step.action() == Action.BIND_MOUNT
                    || step.action() == Action.BIND_MOUNT_OF_NOTHING;
            if (container == null) {
                assertThat(refusal).as("%s", step).isPresent();
            } else if (!byRoot && step.client() != container.owner()) {
                assertThat(refusal.map(BusError::name)).as("%s", step).contains(DENIED);
            } else {
                Optional<State> next = next(step.action(), container.state());
                assertThat(refusal.isEmpty())
                        .as("%s in %s: %s", step, container, refusal)
                        .isEqualTo(next.isPresent());
                next.ifPresent(state -> expected.put(step.container(), new Expected(container.owner(), state)));
                if (next.isPresent() && step.action() == Action.DESTROY) {
                    expected.remove(step.container());
                }
            }
        }

        /** The state that the verb leads to; empty: it is refused. */
        private static Optional<State> next(Action action, State state) {
            return switch (action) {
                case DESTROY -> Optional.of(State.DEAD);
                case RESUME -> state == State.SUSPENDED ? Optional.of(State.READY) : Optional.empty();
                case SUSPEND -> state == State.READY ? Optional.of(State.SUSPENDED) : Optional.empty();
                case BIND_MOUNT_OF_NOTHING -> Optional.empty();
                default -> state == State.READY ? Optional.of(state) : Optional.empty();
            };
        }

        private static Optional<BusError> refusal(Runnable call) {
            try {
                call.run();
                return Optional.empty();
            } catch (BusError e) {
                return Optional.of(e);
            }
        }

        @Override
        public void close() {
            Set<Integer> left = new HashSet<>(expected.keySet());
            left.forEach(clients.get(0)::destroy);
            clients.forEach(AgentClient::close);
            assertThat(ofContainers()).isEqualTo(atFirst);
        }

        /** Files and mounts that every container has; what else it has of the host is looked at when all have been tried. */
        private static List<Path> ofContainers() {
            List<Path> all = new ArrayList<>();
            Trees.mountsBelow(agent.directory()).forEach(mount -> all.add(Path.of(mount)));
            for (String each : List.of("lxc", "mounts", "state/journals", "state/containers")) {
                File[] files = agent.directory().resolve(each).toFile().listFiles();
                Stream.of(files == null ? new File[0] : files)
                        .map(File::toPath)
                        .sorted()
                        .forEach(all::add);
            }
            return all;
        }
    }
}
