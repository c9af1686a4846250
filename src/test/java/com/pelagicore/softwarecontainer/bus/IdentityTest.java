package com.pelagicore.softwarecontainer.bus;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who a caller is, and what happens until that is known. */
class IdentityTest {

    private static final String PATH = "/x/object";
    private static final String FACE = "x.Face";
    private static final String XML =
            """
            <node>
              <interface name="x.Face">
                <method name="Who"><arg type="s" direction="out" name="text"/></method>
                <method name="Say">
                  <arg type="s" direction="in" name="text"/><arg type="s" direction="out" name="text"/>
                </method>
              </interface>
            </node>
            """;
    private static final String DENIED = "org.freedesktop.DBus.Error.AccessDenied";

    private final FakeBus bus = new FakeBus();
    private Admission say = Admission.ofAll(call -> Reply.of(call.arguments().string(0)));
    private BusConnection connection;

    @BeforeEach
    void serve() {
        connection = BusConnection.connect(bus, BusLimits.STANDARD, reason -> {});
        connection.register(
                PATH,
                new BusObject(
                        new Introspection(XML, IntrospectionParser.parse(XML)),
                        List.of(
                                MethodHandler.ofAll(FACE, "Who", new Turn.Inline(), IdentityTest::who),
                                new MethodHandler(FACE, "Say", new Turn.Parallel(), call -> say.admit(call)))));
        connection.start();
    }

    @AfterEach
    void close() {
        connection.close();
    }

    @Test
    void isWhatTheBusSays() {
        bus.uids.put(":1.7", 4_000_000_000L);

        who(":1.7");

        assertThat(bus.answer().value()).isEqualTo("4000000000 [4242, 4000000000]");
    }

    @Test
    void isAskedOncePerConnection() {
        for (int i = 0; i < 3; i++) {
            who(":1.7");
            who(":1.8");
            bus.answer();
            bus.answer();
        }

        assertThat(bus.questions).hasValue(2);
    }

    @Test
    void isForgottenWhenTheConnectionHasEnded() {
        who(":1.7");
        bus.answer();

        bus.endConnection(":1.7");
        who(":1.7");
        bus.answer();

        assertThat(bus.questions).hasValue(2);
    }

    @Test
    void isNotForgottenBecauseAClientClaimsSo() {
        who(":1.7");
        bus.answer();

        bus.send(FakeMessages.signal(":1.66", "NameOwnerChanged", ":1.7", ":1.7", ""));
        who(":1.7");
        bus.answer();

        assertThat(bus.questions).hasValue(1);
    }

    @Test
    void aMissingUserIdIsNobodyAndNotRoot() {
        bus.uids.put(":1.7", -1L);

        who(":1.7");

        assertThat(bus.answer())
                .extracting(FakeAnswer::error, FakeAnswer::value)
                .containsExactly(DENIED, "the bus does not tell who calls");
    }

    @Test
    void anImpossibleUserIdIsNobody() {
        bus.uids.put(":1.7", 0xffff_ffffL);

        who(":1.7");

        assertThat(bus.answer().error()).isEqualTo(DENIED);
    }

    @Test
    void isNotBelievedOfAClientThatAnswersForTheBus() {
        bus.secret.add(":1.7");
        who(":1.7");

        for (int serial = 1; serial < 20; serial++) {
            bus.send(FakeMessages.forgedReply(serial));
        }
        bus.uids.put(":1.7", 1000L);
        bus.tell(":1.7");

        assertThat(bus.answer().value()).asString().startsWith("1000 ");
    }

    @Test
    void aClientThatTheBusIsSlowToTellOfDelaysNobodyElse() {
        bus.secret.add(":1.7");
        who(":1.7");

        who(":1.8");

        assertThat(bus.answer().destination()).isEqualTo(":1.8");
        bus.tell(":1.7");
        assertThat(bus.answer().destination()).isEqualTo(":1.7");
    }

    @Test
    void callsOfASenderKeepTheirOrderWhileSomethingIsAsked() {
        CompletableFuture<CallHandler> question = new CompletableFuture<>();
        say = call -> call.arguments().string(0).equals("slow")
                ? question
                : CompletableFuture.completedFuture(
                        ready -> Reply.of(ready.arguments().string(0)));
        int slow = say(":1.7", "slow");
        int inline = who(":1.7");

        say(":1.8", "other");
        assertThat(bus.answer().value()).isEqualTo("other");
        assertThat(bus.unseenAnswers()).isZero();
        question.complete(call -> Reply.of("at last"));

        List<Integer> serials = List.of(bus.answer().replySerial(), bus.answer().replySerial());
        assertThat(serials).containsExactlyInAnyOrder(slow, inline);
    }

    @Test
    void aRefusalBeforeTheTurnIsAnswered() {
        say = call -> CompletableFuture.failedFuture(BusError.accessDenied("not you"));

        say(":1.7", "x");

        assertThat(bus.answer())
                .extracting(FakeAnswer::error, FakeAnswer::value)
                .containsExactly(DENIED, "not you");
    }

    @Test
    void aBugBeforeTheTurnIsAnsweredAndHarmsNobody() {
        say = call -> {
            throw new IllegalStateException("secret");
        };
        say(":1.7", "x");
        assertThat(bus.answer().value()).isEqualTo("internal error, see the agent's log");

        who(":1.7");

        assertThat(bus.answer().error()).isEmpty();
    }

    @Test
    void allConnectionsOfAUserButRootShareTheLimits() {
        CompletableFuture<CallHandler> question = new CompletableFuture<>();
        say = call -> question;
        int limit = BusLimits.STANDARD.callsPerClient();
        for (int i = 0; i < 4; i++) {
            bus.uids.put(":1.10" + i, 1000L);
            identify(":1.10" + i);
            identify(":1.20" + i);
        }
        for (int i = 0; i < limit; i++) {
            say(":1.10" + i % 4, "x");
        }

        say(":1.100", "too much");
        assertThat(bus.answer().value()).isEqualTo("too many unfinished calls of this client");
        say(":1.200", "of root");
        say(":1.201", "of root");
        question.complete(call -> Reply.of("done"));

        for (int i = 0; i < limit + 2; i++) {
            assertThat(bus.answer().value()).isEqualTo("done");
        }
    }

    @Test
    void whoIsNotKnownYetTakesNoRoomOfOthers() {
        identify(":1.7");
        bus.secret.add(":1.66");
        for (int i = 0; i <= BusLimits.STANDARD.callsPerClient(); i++) {
            say(":1.66", "x");
        }
        assertThat(bus.answer().value()).isEqualTo("too many unfinished calls of this client");

        say(":1.7", "known");

        assertThat(bus.answer().value()).isEqualTo("known");
    }

    @Test
    void callsOthersAndTakesTheAnswerOfWhomItAsked() throws Exception {
        CompletableFuture<Arguments> answer =
                connection.call(BusRequest.ofBus("GetConnectionCredentials", "s", ":1.7"), Duration.ofSeconds(10));

        assertThat(answer.get(10, TimeUnit.SECONDS).dictionary(0).containsKey("UnixUserID"))
                .isTrue();
    }

    private void identify(String sender) {
        who(sender);
        bus.answer();
    }

    private static Reply who(BusCall call) {
        Credentials credentials = call.credentials();
        return Reply.of(credentials.uid() + " " + new TreeSet<>(credentials.groups()));
    }

    private int who(String sender) {
        return bus.callAs(sender, (byte) 0, PATH, FACE, "Who", null);
    }

    private int say(String sender, String text) {
        return bus.callAs(sender, (byte) 0, PATH, FACE, "Say", "s", text);
    }
}
