package com.pelagicore.softwarecontainer.system;

import static com.pelagicore.softwarecontainer.system.FailpointScene.name;
import static org.assertj.core.api.Assertions.assertThat;

import com.pelagicore.softwarecontainer.config.Recovery;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The agent is killed before and after each thing that it does to a journal, so before and after each change to the
 * host, in each verb that makes any; the next one finds a host on which the call was made, or was not. How many such
 * steps there are is counted first.
 */
final class FailpointsIT {

    private static final int MANY = 1_000_000;
    private static final String NOT_THERE = "";

    @TempDir
    private static Path places;

    private static FailpointScene scene;

    private final List<AgentClient> others = new ArrayList<>();
    private AgentClient client;
    private HostSnapshot before;
    private String network;

    @BeforeAll
    static void startAgent() throws IOException {
        scene = new FailpointScene(places);
    }

    @AfterAll
    static void stopAgent() {
        scene.close();
    }

    @BeforeEach
    void lookAtTheHost() {
        // an agent that has had no containers gives them the ids from 0 on
        scene.killAndRestart(Recovery.DESTROY);
        client = scene.agent().connect();
        before = scene.snapshot();
        network = scene.network();
    }

    @AfterEach
    void assertRestored() throws IOException {
        if (!scene.agent().isRunning()) {
            scene.failpoints().clear();
            scene.agent().restart(Recovery.DESTROY);
        }
        connectAnew();
        destroyAll();
        client.close();
        Trees.delete(scene.data());
        Files.createDirectory(scene.data());
        before.assertRestored();
        assertThat(scene.network()).isEqualTo(network);
    }

    /**
     * How often a call stops, and what can be told of a container before and after it; nothing if it is not there.
     */
    private record Trial(FailpointCall call, int steps, String before, String after) {

        String expected(int step) {
            return call.isMade(step, steps) ? after : before;
        }
    }

    static Stream<Arguments> calls() {
        return Arrays.stream(FailpointCall.values())
                .flatMap(call -> Arrays.stream(Recovery.values()).map(recovery -> Arguments.of(call, recovery)));
    }

    /** One agent stops in many containers, in each at another step. */
    @ParameterizedTest
    @MethodSource("calls")
    void leavesACallDoneOrNotDoneWhereverItIsKilled(FailpointCall call, Recovery recovery) throws IOException {
        Trial trial = count(call);
        assertThat(trial.steps()).isGreaterThan(5);

        Map<Integer, Integer> stepById =
                stopAt(trial, IntStream.range(0, trial.steps()).boxed().toList());
        scene.killAndRestart(recovery);

        connectAnew();
        if (recovery == Recovery.ADOPT) {
            assertAsExpected(trial, stepById);
        } else {
            assertThat(client.list()).isEmpty();
            before.assertRestored();
        }
        if (call == FailpointCall.DESTROY) {
            destroyAll();
            assertThat(stepById.keySet())
                    .allSatisfy(id -> assertThat(scene.data().resolve(name(id))).hasContent("saved"));
        }
        System.out.println("failpoints: " + call + ", " + recovery + ": " + trial.steps());
    }

    /** With nobody else whose network and buses have to stay. */
    @Test
    void leavesAGrantOfTheOnlyContainerDoneOrNotDone() {
        Trial trial = count(FailpointCall.GRANT);

        for (int step = 0; step < trial.steps(); step++) {
            Map<Integer, Integer> stepById = stopAt(trial, List.of(step));
            scene.killAndRestart(Recovery.ADOPT);

            connectAnew();
            assertAsExpected(trial, stepById);
            destroyAll();
            assertThat(scene.network()).as("step " + step).isEqualTo(network);
        }
    }

    /** Each next agent undoes one thing, and is killed when the next is undone but still in the journal. */
    @Test
    void toleratesThatTheNextAgentsAreKilledAsWell() {
        Trial grant = count(FailpointCall.GRANT_MORE);
        Trial create = count(FailpointCall.CREATE);
        Map<Integer, Integer> granted = stopAt(grant, List.of(grant.steps() - 2));
        stopAt(new Trial(FailpointCall.DESTROY, MANY, NOT_THERE, NOT_THERE), List.of(1));
        stopAt(create, List.of(create.steps() - 2));

        int deaths = 0;
        // to open a journal takes two steps
        while (diesAgain(deaths == 0 ? 2 : 4)) {
            deaths++;
        }

        System.out.println("failpoints: recovery: " + deaths);
        assertThat(deaths).isGreaterThan(20);
        connectAnew();
        assertAsExpected(grant, granted);
    }

    /** Kills the agent and starts the next one, which stops after so many steps, or is ready. */
    private boolean diesAgain(int steps) {
        LiveAgent agent = scene.agent();
        agent.crash();
        Set<String> all = Set.of(name(0), name(1), name(2));
        scene.failpoints().clear();
        all.forEach(each -> scene.failpoints().arm(each, steps));
        int ready = readyLines(agent);
        agent.configure("recovery", "adopt");
        agent.launch();
        Deadlines.await(() -> all.stream().anyMatch(scene.failpoints()::hasStopped) || readyLines(agent) > ready);
        boolean died = all.stream().anyMatch(scene.failpoints()::hasStopped);
        if (!died) {
            scene.failpoints().clear();
        }
        return died;
    }

    private static int readyLines(LiveAgent agent) {
        return (int)
                agent.log().lines().filter(line -> line.contains("ready, ")).count();
    }

    /** Makes the call once. */
    private Trial count(FailpointCall call) {
        String viewBefore = call == FailpointCall.CREATE ? NOT_THERE : view(prepared(call));
        int id = prepared(call);
        scene.failpoints().arm(name(id), MANY);
        Deadlines.get(call.send(scene, client, id));
        int steps = MANY - scene.failpoints().left(name(id));
        scene.failpoints().clear();
        String viewAfter = call == FailpointCall.DESTROY ? NOT_THERE : view(id);
        destroyAll();
        return new Trial(call, steps, viewBefore, viewAfter);
    }

    /** The first Execute grants what all containers get, so this is no look without consequences. */
    private String view(int id) {
        return scene.view(client, id);
    }

    /** The id of a container, or the one that the next container gets. */
    private int prepared(FailpointCall call) {
        if (call == FailpointCall.CREATE) {
            List<Integer> all = client.list();
            return IntStream.iterate(0, id -> id + 1)
                    .filter(id -> !all.contains(id) && !scene.failpoints().isArmed(name(id)))
                    .findFirst()
                    .orElseThrow();
        }
        int id = client.create(AgentClient.BUFFER);
        call.prepare(scene, client, id);
        return id;
    }

    /** Makes the call for one container for each of the steps, and waits until the agent has stopped there; steps by id. */
    private Map<Integer, Integer> stopAt(Trial trial, List<Integer> steps) {
        Map<Integer, Integer> stepById = new TreeMap<>();
        for (int step : steps) {
            int id = prepared(trial.call());
            scene.failpoints().arm(name(id), step);
            stepById.put(id, step);
        }
        // nobody gets threads for all
        stepById.keySet().forEach(id -> trial.call().send(scene, anotherClient(), id));
        scene.awaitStops(stepById.keySet());
        return stepById;
    }

    /** What was given back last is given out first, so that the next containers have these ids in ascending order. */
    private void destroyAll() {
        client.list().stream().sorted(Comparator.reverseOrder()).forEach(client::destroy);
    }

    private AgentClient anotherClient() {
        AgentClient another = scene.agent().connect();
        others.add(another);
        return another;
    }

    private void connectAnew() {
        client.close();
        others.forEach(AgentClient::close);
        others.clear();
        client = scene.agent().connect();
    }

    private void assertAsExpected(Trial trial, Map<Integer, Integer> stepById) {
        Map<Integer, Integer> there = new TreeMap<>(stepById);
        there.values().removeIf(step -> trial.expected(step).equals(NOT_THERE));
        assertThat(client.list()).containsExactlyElementsOf(there.keySet());
        assertThat(scene.onHost())
                .isEqualTo(Set.of(there.keySet().stream()
                        .map(FailpointScene::name)
                        .collect(Collectors.toCollection(TreeSet::new))));
        there.forEach((id, step) ->
                assertThat(view(id)).as("after a death at step %d", step).isEqualTo(trial.expected(step)));
    }
}
