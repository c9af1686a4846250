package com.pelagicore.softwarecontainer.busfilter;

import static com.pelagicore.softwarecontainer.busfilter.ContainedClient.AGENT;
import static com.pelagicore.softwarecontainer.busfilter.ContainedClient.BUS;
import static com.pelagicore.softwarecontainer.busfilter.ContainedClient.ECHO;
import static com.pelagicore.softwarecontainer.busfilter.ContainedClient.ME;
import static com.pelagicore.softwarecontainer.busfilter.ContainedClient.call;
import static com.pelagicore.softwarecontainer.busfilter.ContainedClient.names;
import static com.pelagicore.softwarecontainer.busfilter.ContainedClient.rule;
import static org.assertj.core.api.Assertions.assertThat;

import com.pelagicore.softwarecontainer.spec.BusRule;
import com.pelagicore.softwarecontainer.spec.BusRule.Bus;
import com.pelagicore.softwarecontainer.spec.BusRule.Direction;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which names a contained client sees when it lists those on the bus. */
class NameListTest {

    private final ContainedClient client = new ContainedClient();

    @Test
    void hidesAllNamesFromWhoHasNoRule() {
        client.connect();

        client.ask(2, "ListNames");
        client.answer(2, "as", names(BUS, ME, ":1.7", "org.example.Echo", AGENT));

        assertThat(client.told()).containsExactly("return 2 [" + BUS + ", " + ME + "]");
    }

    @Test
    void showsWellKnownNamesToWhoHasARuleButNotTheAgent() {
        client.guarded.add(":1.2");
        client.connect(ECHO);

        client.ask(2, "ListNames");
        client.answer(2, "as", names(BUS, ME, ":1.7", ":1.2", "org.example.Echo", AGENT));

        assertThat(client.told()).containsExactly("return 2 [" + BUS + ", " + ME + ", org.example.Echo]");
    }

    @Test
    void showsTheAgentToWhoMayReachIt() {
        client.connect(rule(Direction.OUTGOING, AGENT, "List"));

        client.ask(2, "ListNames");
        client.answer(2, "as", names(AGENT));

        assertThat(client.told()).containsExactly("return 2 [" + AGENT + "]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "*"})
    void takesARuleThatMatchesNothingForNone(String method) {
        client.connect(new BusRule(Bus.SYSTEM, Direction.BOTH, method.isEmpty() ? "*" : "", "*", List.of(method)));

        client.ask(2, "ListNames");
        client.answer(2, "as", names("org.example.Echo"));

        assertThat(client.told()).containsExactly("return 2 []");
    }

    @Test
    void filtersNamesWhicheverCallTheyAreTheAnswerOf() {
        client.connect();

        // two calls with one serial, the first of which wants no answer and gets one
        client.client.give(call(2, "ListNames").noReplyExpected().toBytes());
        client.ask(2, "GetId");
        client.answer(2, "as", names(BUS, "org.example.Echo"));

        assertThat(client.told()).containsExactly("return 2 [" + BUS + "]");
    }

    @Test
    void filtersListsThatAreLongerThanABuffer() {
        client.connect();
        String[] many =
                IntStream.range(0, 10_000).mapToObj(i -> "org.example.Name" + i).toArray(String[]::new);
        many[9_999] = ME;

        client.ask(2, "ListNames");
        client.answer(2, "as", names(many));

        assertThat(client.told()).containsExactly("return 2 [" + ME + "]");
    }

    @Test
    void answersAListThatIsTooLongWithAnError() {
        client.connect();
        String[] many =
                IntStream.range(0, 50_000).mapToObj(i -> "org.example.Name" + i).toArray(String[]::new);

        client.ask(2, "ListNames");
        client.answer(2, "as", names(many));

        assertThat(client.told()).containsExactly("return 2 error org.freedesktop.DBus.Error.AccessDenied");
    }

    @Test
    void doesNotShowABrokenList() {
        client.connect(ECHO);

        client.ask(2, "ListNames");
        client.answer(2, "as", new byte[] {100, 0, 0, 0, 1, 0, 0, 0, 'a', 0});

        assertThat(client.told()).containsExactly("return 2 []");
    }
}
