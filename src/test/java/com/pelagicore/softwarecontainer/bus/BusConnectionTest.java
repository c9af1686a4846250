package com.pelagicore.softwarecontainer.bus;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.pelagicore.softwarecontainer.bus.FakeBus.Answer;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import org.freedesktop.dbus.types.Variant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

class BusConnectionTest {

    private static final String PATH = "/x/object";
    private static final String FACE = "x.Face";
    private static final String XML =
            """
            <node>
              <interface name="x.Face">
                <method name="Echo">
                  <arg type="s" direction="in" name="in"/><arg type="s" direction="out" name="out"/>
                </method>
                <method name="Slow">
                  <arg type="i" direction="in" name="lane"/><arg type="s" direction="in" name="text"/>
                </method>
                <method name="Map">
                  <arg type="a{ss}" direction="in" name="in"/><arg type="a{ss}" direction="out" name="out"/>
                </method>
                <method name="Thread"><arg type="s" direction="out" name="name"/></method>
              </interface>
            </node>
            """;

    private final FakeBus bus = new FakeBus();
    private final BlockingQueue<String> losses = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> slow = new LinkedBlockingQueue<>();
    private final Semaphore permits = new Semaphore(0);
    private CallHandler echo = call -> Reply.of(call.arguments().string(0));
    private BusConnection connection;

    @AfterEach
    void close() {
        permits.release(10_000);
        connection.close();
    }

    @Test
    void answersACallToItsSender() {
        serve();

        int serial = bus.call(PATH, FACE, "Echo", "s", "hällo");

        assertThat(bus.answer()).isEqualTo(new Answer("", serial, FakeBus.CLIENT, "s", List.of("hällo")));
    }

    @Test
    void sendsAndReceivesDictionaries() {
        serve();

        bus.call(PATH, FACE, "Map", "a{ss}", Map.of("A", "1"));
        assertThat(bus.answer().value()).isEqualTo(Map.of("A", "1"));
        bus.call(PATH, FACE, "Map", "a{ss}", Map.of());
        assertThat(bus.answer().value()).isEqualTo(Map.of());
    }

    @Test
    void refusesAnotherSignatureAndSaysBoth() {
        serve();

        bus.call(PATH, FACE, "Echo", "i", 5);
        assertError("InvalidArgs", "Type of message, “(i)”, does not match expected type “(s)”");
        bus.call(PATH, FACE, "Echo", null);
        assertError("InvalidArgs", "Type of message, “()”, does not match expected type “(s)”");
    }

    @Test
    void saysWhatIsUnknown() {
        serve();

        bus.call(PATH, FACE, "Nope", null);
        assertError("UnknownMethod", "No such method “Nope”");
        bus.call(PATH, "x.Nope", "Echo", null);
        assertError("UnknownInterface", "No such interface “x.Nope” on object “/x/object”");
        bus.call("/nope", FACE, "Echo", null);
        assertError("UnknownObject", "No such object “/nope”");
    }

    @Test
    void answersPropertiesOfAnObjectWithoutAny() {
        serve();
        String properties = "org.freedesktop.DBus.Properties";

        bus.call(PATH, properties, "GetAll", "s", FACE);
        assertThat(bus.answer()).extracting(Answer::signature, Answer::value).containsExactly("a{sv}", Map.of());
        bus.call(PATH, properties, "GetAll", "s", "x.Nope");
        assertError("UnknownInterface", "No such interface “x.Nope” on object “/x/object”");
        bus.call(PATH, properties, "Get", "ss", FACE, "Size");
        assertError("UnknownProperty", "No such property “Size”");
        bus.call(PATH, properties, "Set", "ssv", FACE, "Size", new Variant<>(5));
        assertError("UnknownProperty", "No such property “Size”");
    }

    @Test
    void keepsSilentIfNoReplyIsExpected() {
        serve();

        for (String member : List.of("Echo", "Nope")) {
            bus.callAs(FakeBus.CLIENT, (byte) 1, PATH, FACE, member, "s", "unheard");
        }
        bus.call(PATH, FACE, "Echo", "s", "heard");

        assertThat(bus.answer().value()).isEqualTo("heard");
        assertThat(bus.unseenAnswers()).isZero();
    }

    @Test
    void callsThatCameBeforeTheStartAreAnswered() {
        open();
        bus.call(PATH, FACE, "Echo", "s", "early");
        connection.requestName("x.Name");
        bus.call(PATH, FACE, "Echo", "s", "later");

        connection.register(PATH, object());
        connection.start();

        assertThat(bus.answer().value()).isEqualTo("early");
        assertThat(bus.answer().value()).isEqualTo("later");
    }

    @Test
    void holdsNoMoreEarlyCallsThanUnfinishedOnes() {
        open();
        int limit = BusLimits.STANDARD.callsPerClient();
        for (int i = 0; i <= limit; i++) {
            bus.call(PATH, FACE, "Echo", "s", "early");
        }

        connection.requestName("x.Name");

        assertError("LimitsExceeded", "too many calls before the start of the service");
        assertThat(bus.unseenAnswers()).isZero();
        connection.register(PATH, object());
        connection.start();
        for (int i = 0; i < limit; i++) {
            assertThat(bus.answer().value()).isEqualTo("early");
        }
    }

    @Test
    void answersMoreThanFitsIntoOneWrite() {
        echo = call -> Reply.of("x".repeat(1_000_000));
        serve();

        bus.call(PATH, FACE, "Echo", "s", "x");
        assertThat(bus.answer().value()).asString().hasSize(1_000_000);
        bus.call(PATH, FACE, "Nope", null);
        assertError("UnknownMethod", "No such method “Nope”");
    }

    @Test
    void aBugInWhatFollowsAReplyIsNoSecondAnswer() {
        echo = call -> Reply.of("x").then(() -> {
            throw new IllegalStateException("bug");
        });
        serve();

        bus.call(PATH, FACE, "Echo", "s", "x");
        assertThat(bus.answer().value()).isEqualTo("x");
        bus.call(PATH, FACE, "Thread", null);

        assertThat(bus.answer().value()).isEqualTo("bus-worker");
    }

    @Test
    void aBugInAHandlerIsAnsweredAndHarmsNobody() {
        echo = call -> {
            switch (call.arguments().string(0)) {
                case "runtime" -> throw new IllegalStateException("secret");
                case "stack" -> throw new StackOverflowError();
                default -> throw new BusError("x.Error", "told");
            }
        };
        serve();

        for (String kind : List.of("runtime", "stack")) {
            bus.call(PATH, FACE, "Echo", "s", kind);
            assertError("Failed", "internal error, see the agent's log");
        }
        bus.call(PATH, FACE, "Echo", "s", "other");
        assertThat(bus.answer()).extracting(Answer::error, Answer::value).containsExactly("x.Error", "told");
    }

    @Test
    void aResultOfTheWrongTypeIsAnsweredAsABug() {
        echo = call -> Reply.of();
        serve();

        bus.call(PATH, FACE, "Echo", "s", "x");

        assertError("Failed", "internal error, see the agent's log");
    }

    @Test
    void sendsNoNulCharacters() {
        echo = call -> Reply.of("a\0b");
        serve();

        bus.call(PATH, FACE, "Echo", "s", "x");

        assertThat(bus.answer().value()).isEqualTo("a\ufffdb");
    }

    @Test
    void refusesATooLargeMessageAndServesTheOthers() {
        serve();

        int serial = bus.callAs(":1.66", (byte) 0, PATH, FACE, "Echo", "s", "x".repeat(2_000_000));
        bus.call(PATH, FACE, "Echo", "s", "small");

        Answer refusal = bus.answer();
        assertThat(refusal.error()).isEqualTo("org.freedesktop.DBus.Error.LimitsExceeded");
        assertThat(refusal.replySerial()).isEqualTo(serial);
        assertThat(refusal.destination()).isEqualTo(":1.66");
        assertThat(bus.answer().value()).isEqualTo("small");
    }

    @Test
    void survivesMalformedMessages() {
        serve();

        byte[] unknownType = FakeBus.message(":1.2", (byte) 0, 1, PATH, FACE, "Echo", "s", "x");
        unknownType[1] = 77;
        bus.send(unknownType);
        byte[] brokenHeader = FakeBus.message(":1.2", (byte) 0, 1, PATH, FACE, "Echo", "s", "x");
        brokenHeader[20] = (byte) 200;
        bus.send(brokenHeader);
        byte[] brokenBody = FakeBus.message(":1.2", (byte) 0, 1, PATH, FACE, "Echo", "s", "x");
        brokenBody[brokenBody.length - 5] = (byte) 200;
        bus.send(brokenBody);

        assertError("InvalidArgs", "the message is malformed");
        bus.call(PATH, FACE, "Echo", "s", "well");
        assertThat(bus.answer().value()).isEqualTo("well");
    }

    @Test
    void limitsUnfinishedCallsPerClient() {
        serve();
        for (int i = 0; i < BusLimits.STANDARD.callsPerClient(); i++) {
            bus.call(PATH, FACE, "Slow", "is", 1, "x");
        }

        bus.call(PATH, FACE, "Slow", "is", 1, "too much");
        assertError("LimitsExceeded", "too many unfinished calls of this client");
        bus.callAs(":1.60", (byte) 0, PATH, FACE, "Slow", "is", 2, "other client");
        permits.release(10_000);
        assertThat(bus.answer().error()).isEmpty();
    }

    @Test
    void keepsTheOrderInALaneAndDoesNotBlockOthers() throws Exception {
        serve();
        for (int i = 0; i < 100; i++) {
            bus.call(PATH, FACE, "Slow", "is", 1, "one " + i);
        }

        bus.call(PATH, FACE, "Slow", "is", 2, "two");
        assertThat(List.of(slow.take(), slow.take())).containsExactlyInAnyOrder("one 0", "two");
        bus.call(PATH, FACE, "Echo", "s", "inline");
        assertThat(bus.answer().value()).isEqualTo("inline");
        permits.release(101);

        for (int i = 1; i < 100; i++) {
            assertThat(slow.poll(10, SECONDS)).isEqualTo("one " + i);
        }
    }

    @Test
    void inlineCallsRunOnTheReadingThreadAndOthersDoNot() {
        serve();

        bus.call(PATH, FACE, "Thread", null);

        assertThat(bus.answer().value()).isEqualTo("bus-worker");
    }

    @Test
    void answersItselfThroughTheBus() {
        serve();

        assertThat(connection.answersItself(Duration.ofSeconds(10))).isTrue();
    }

    @Test
    void doesNotAnswerItselfWhileNoWorkerComesToIt() throws Exception {
        serve();
        for (int i = 0; i < BusLimits.STANDARD.threads(); i++) {
            bus.callAs(":1." + (70 + i % 2), (byte) 0, PATH, FACE, "Slow", "is", i, "x");
            slow.take();
        }

        assertThat(connection.answersItself(Duration.ofMillis(100))).isFalse();

        permits.release(10_000);
        assertThat(connection.answersItself(Duration.ofSeconds(10))).isTrue();
    }

    @Test
    void doesNotAnswerItselfWithoutABus() {
        serve();
        bus.hangUp();

        assertThat(connection.answersItself(Duration.ofMillis(100))).isFalse();
    }

    @Test
    void namesTheCallerInWhatIsLogged() {
        echo = call -> Reply.of(String.valueOf(MDC.get("sender")));
        serve();

        bus.call(PATH, FACE, "Echo", "s", "x");

        assertThat(bus.answer().value()).isEqualTo(FakeBus.CLIENT);
    }

    @Test
    void runsWhatFollowsAReplyAfterIt() throws Exception {
        CountDownLatch followed = new CountDownLatch(1);
        echo = call -> Reply.of("x").then(() -> {
            if (bus.unseenAnswers() == 1) {
                followed.countDown();
            }
        });
        serve();

        bus.call(PATH, FACE, "Echo", "s", "x");

        assertThat(followed.await(10, SECONDS)).isTrue();
    }

    @Test
    void sendsSignalsToAllOrToOne() {
        serve();
        Signal signal = new Signal(PATH, FACE, "S", "iubu", List.of(1, 4_000_000_000L, false, 9), Optional.empty());

        connection.emit(signal);
        connection.emit(signal.to(":1.9"));

        assertThat(bus.answer().destination()).isEmpty();
        Answer toOne = bus.answer();
        assertThat(toOne.destination()).isEqualTo(":1.9");
        assertThat(toOne.signature()).isEqualTo("iubu");
        assertThat(toOne.values()).hasToString("[1, 4000000000, false, 9]");
    }

    @Test
    void tellsOnceThatTheBusIsLost() throws Exception {
        serve();

        bus.hangUp();

        assertThat(losses.poll(10, SECONDS)).isEqualTo("the bus closed the connection");
        connection.emit(new Signal(PATH, FACE, "S", "", List.of(), Optional.empty()));
        assertThat(losses).isEmpty();
        assertThat(bus.isClosed()).isTrue();
    }

    @Test
    void aWriteErrorIsALossOfTheBus() throws Exception {
        serve();
        bus.broken = true;

        bus.call(PATH, FACE, "Echo", "s", "x");

        assertThat(losses.poll(10, SECONDS)).isEqualTo("send: EPIPE");
    }

    @Test
    void aLossBeforeTheStartIsAnExceptionOfTheRequestAndToldAtTheStart() {
        open();
        bus.broken = true;

        assertThatThrownBy(() -> connection.requestName("x.Name"))
                .isInstanceOf(SoftwareContainerException.class)
                .hasMessage("the bus refused RequestName: send: EPIPE");
        assertThat(losses).isEmpty();

        connection.start();
        assertThat(losses).containsExactly("send: EPIPE");
    }

    @Test
    void closingIsNoLoss() {
        serve();

        connection.close();
        connection.close();

        assertThat(bus.isClosed()).isTrue();
        assertThat(losses).isEmpty();
    }

    @Test
    void believesAnswersOfTheBusFromTheBusOnly() {
        open();
        bus.nameReply = 3;
        for (int serial = 1; serial < 10; serial++) {
            bus.send(FakeBus.forgedReply(serial));
        }

        assertThat(connection.requestName("x.Name")).isEqualTo(NameRequest.TAKEN);
    }

    @Test
    void tellsATakenName() {
        open();
        bus.nameReply = 3;

        assertThat(connection.requestName("x.Name")).isEqualTo(NameRequest.TAKEN);
    }

    @Test
    void refusesToConnectWhereItIsNotWelcome() {
        open();
        FakeBus unfriendly = new FakeBus();
        unfriendly.welcome = "REJECTED EXTERNAL";

        assertThatThrownBy(() -> BusConnection.connect(unfriendly, BusLimits.STANDARD, losses::add))
                .isInstanceOf(SoftwareContainerException.class)
                .hasMessage("the bus refuses this user: 'REJECTED EXTERNAL'");
        assertThat(unfriendly.isClosed()).isTrue();
    }

    private void serve() {
        open();
        connection.register(PATH, object());
        connection.start();
    }

    private void open() {
        connection = BusConnection.connect(bus, BusLimits.STANDARD, losses::add);
    }

    private BusObject object() {
        Turn inline = new Turn.Inline();
        Turn laned = new Turn.InLane(call -> call.arguments().int32(0));
        return new BusObject(
                new Introspection(XML, IntrospectionParser.parse(XML)),
                List.of(
                        MethodHandler.ofAll(FACE, "Echo", inline, echo),
                        MethodHandler.ofAll(FACE, "Slow", laned, this::slow),
                        MethodHandler.ofAll(
                                FACE,
                                "Map",
                                inline,
                                call -> Reply.of(call.arguments().stringMap(0))),
                        MethodHandler.ofAll(
                                FACE,
                                "Thread",
                                new Turn.Parallel(),
                                call -> Reply.of(Thread.currentThread().getName()))));
    }

    private Reply slow(BusCall call) {
        slow.add(call.arguments().string(1));
        permits.acquireUninterruptibly();
        return Reply.empty();
    }

    private void assertError(String name, String message) {
        assertThat(bus.answer())
                .extracting(Answer::error, Answer::value)
                .containsExactly("org.freedesktop.DBus.Error." + name, message);
    }
}
