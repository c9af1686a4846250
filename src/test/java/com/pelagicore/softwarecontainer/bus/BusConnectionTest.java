package com.pelagicore.softwarecontainer.bus;

import static com.pelagicore.softwarecontainer.bus.ServedObject.FACE;
import static com.pelagicore.softwarecontainer.bus.ServedObject.PATH;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.freedesktop.dbus.types.Variant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

class BusConnectionTest {

    private final ServedObject served = new ServedObject();

    @AfterEach
    void close() {
        served.close();
    }

    @Test
    void answersACallToItsSender() {
        served.serve();

        int serial = served.bus.call(PATH, FACE, "Echo", "s", "hällo");

        assertThat(served.bus.answer()).isEqualTo(new FakeAnswer("", serial, FakeBus.CLIENT, "s", List.of("hällo")));
    }

    @Test
    void sendsAndReceivesDictionaries() {
        served.serve();

        served.bus.call(PATH, FACE, "Map", "a{ss}", Map.of("A", "1"));
        assertThat(served.bus.answer().value()).isEqualTo(Map.of("A", "1"));
        served.bus.call(PATH, FACE, "Map", "a{ss}", Map.of());
        assertThat(served.bus.answer().value()).isEqualTo(Map.of());
    }

    @Test
    void refusesAnotherSignatureAndSaysBoth() {
        served.serve();

        served.bus.call(PATH, FACE, "Echo", "i", 5);
        served.assertError("InvalidArgs", "Type of message, “(i)”, does not match expected type “(s)”");
        served.bus.call(PATH, FACE, "Echo", null);
        served.assertError("InvalidArgs", "Type of message, “()”, does not match expected type “(s)”");
    }

    @Test
    void saysWhatIsUnknown() {
        served.serve();

        served.bus.call(PATH, FACE, "Nope", null);
        served.assertError("UnknownMethod", "No such method “Nope”");
        served.bus.call(PATH, "x.Nope", "Echo", null);
        served.assertError("UnknownInterface", "No such interface “x.Nope” on object “/x/object”");
        served.bus.call("/nope", FACE, "Echo", null);
        served.assertError("UnknownObject", "No such object “/nope”");
    }

    @Test
    void answersPropertiesOfAnObjectWithoutAny() {
        served.serve();
        String properties = "org.freedesktop.DBus.Properties";

        served.bus.call(PATH, properties, "GetAll", "s", FACE);
        assertThat(served.bus.answer())
                .extracting(FakeAnswer::signature, FakeAnswer::value)
                .containsExactly("a{sv}", Map.of());
        served.bus.call(PATH, properties, "GetAll", "s", "x.Nope");
        served.assertError("UnknownInterface", "No such interface “x.Nope” on object “/x/object”");
        served.bus.call(PATH, properties, "Get", "ss", FACE, "Size");
        served.assertError("UnknownProperty", "No such property “Size”");
        served.bus.call(PATH, properties, "Set", "ssv", FACE, "Size", new Variant<>(5));
        served.assertError("UnknownProperty", "No such property “Size”");
    }

    @Test
    void doesWhatFollowsAReplyAlsoIfWritingItMeetsAnError() throws Exception {
        CountDownLatch followed = new CountDownLatch(1);
        served.echo = call -> {
            served.bus.outOfMemory.set(true);
            return Reply.of("x").then(followed::countDown);
        };
        served.serve();

        served.bus.call(PATH, FACE, "Echo", "s", "x");

        assertThat(followed.await(10, SECONDS)).isTrue();
        served.assertError("Failed", "internal error, see the agent's log");
    }

    @Test
    void keepsSilentIfNoReplyIsExpected() {
        served.serve();

        for (String member : List.of("Echo", "Nope")) {
            served.bus.callAs(FakeBus.CLIENT, (byte) 1, PATH, FACE, member, "s", "unheard");
        }
        served.bus.call(PATH, FACE, "Echo", "s", "heard");

        assertThat(served.bus.answer().value()).isEqualTo("heard");
        assertThat(served.bus.unseenAnswers()).isZero();
    }

    @Test
    void answersMoreThanFitsIntoOneWrite() {
        served.echo = call -> Reply.of("x".repeat(1_000_000));
        served.serve();

        served.bus.call(PATH, FACE, "Echo", "s", "x");
        assertThat(served.bus.answer().value()).asString().hasSize(1_000_000);
        served.bus.call(PATH, FACE, "Nope", null);
        served.assertError("UnknownMethod", "No such method “Nope”");
    }

    @Test
    void aBugInWhatFollowsAReplyIsNoSecondAnswer() {
        served.echo = call -> Reply.of("x").then(() -> {
            throw new IllegalStateException("bug");
        });
        served.serve();

        served.bus.call(PATH, FACE, "Echo", "s", "x");
        assertThat(served.bus.answer().value()).isEqualTo("x");
        served.bus.call(PATH, FACE, "Thread", null);

        assertThat(served.bus.answer().value()).isEqualTo("bus-worker");
    }

    @Test
    void aBugInAHandlerIsAnsweredAndHarmsNobody() {
        served.echo = call -> {
            switch (call.arguments().string(0)) {
                case "runtime" -> throw new IllegalStateException("secret");
                case "stack" -> throw new StackOverflowError();
                default -> throw new BusError("x.Error", "told");
            }
        };
        served.serve();

        for (String kind : List.of("runtime", "stack")) {
            served.bus.call(PATH, FACE, "Echo", "s", kind);
            served.assertError("Failed", "internal error, see the agent's log");
        }
        served.bus.call(PATH, FACE, "Echo", "s", "other");
        assertThat(served.bus.answer())
                .extracting(FakeAnswer::error, FakeAnswer::value)
                .containsExactly("x.Error", "told");
    }

    @Test
    void aResultOfTheWrongTypeIsAnsweredAsABug() {
        served.echo = call -> Reply.of();
        served.serve();

        served.bus.call(PATH, FACE, "Echo", "s", "x");

        served.assertError("Failed", "internal error, see the agent's log");
    }

    @Test
    void sendsNoNulCharacters() {
        served.echo = call -> Reply.of("a\0b");
        served.serve();

        served.bus.call(PATH, FACE, "Echo", "s", "x");

        assertThat(served.bus.answer().value()).isEqualTo("a\ufffdb");
    }

    @Test
    void refusesATooLargeMessageAndServesTheOthers() {
        served.serve();

        int serial = served.bus.callAs(":1.66", (byte) 0, PATH, FACE, "Echo", "s", "x".repeat(2_000_000));
        served.bus.call(PATH, FACE, "Echo", "s", "small");

        FakeAnswer refusal = served.bus.answer();
        assertThat(refusal.error()).isEqualTo("org.freedesktop.DBus.Error.LimitsExceeded");
        assertThat(refusal.replySerial()).isEqualTo(serial);
        assertThat(refusal.destination()).isEqualTo(":1.66");
        assertThat(served.bus.answer().value()).isEqualTo("small");
    }

    @Test
    void survivesMalformedMessages() {
        served.serve();

        byte[] unknownType = FakeMessages.message(":1.2", (byte) 0, 1, PATH, FACE, "Echo", "s", "x");
        unknownType[1] = 77;
        served.bus.send(unknownType);
        byte[] brokenHeader = FakeMessages.message(":1.2", (byte) 0, 1, PATH, FACE, "Echo", "s", "x");
        brokenHeader[20] = (byte) 200;
        served.bus.send(brokenHeader);
        byte[] brokenBody = FakeMessages.message(":1.2", (byte) 0, 1, PATH, FACE, "Echo", "s", "x");
        brokenBody[brokenBody.length - 5] = (byte) 200;
        served.bus.send(brokenBody);

        served.assertError("InvalidArgs", "the message is malformed");
        served.bus.call(PATH, FACE, "Echo", "s", "well");
        assertThat(served.bus.answer().value()).isEqualTo("well");
    }

    @Test
    void limitsUnfinishedCallsPerClient() {
        served.serve();
        for (int i = 0; i < BusLimits.STANDARD.callsPerClient(); i++) {
            served.bus.call(PATH, FACE, "Slow", "is", 1, "x");
        }

        served.bus.call(PATH, FACE, "Slow", "is", 1, "too much");
        served.assertError("LimitsExceeded", "too many unfinished calls of this client");
        served.bus.callAs(":1.60", (byte) 0, PATH, FACE, "Slow", "is", 2, "other client");
        served.permits.release(10_000);
        assertThat(served.bus.answer().error()).isEmpty();
    }

    @Test
    void keepsTheOrderInALaneAndDoesNotBlockOthers() throws Exception {
        served.serve();
        for (int i = 0; i < 100; i++) {
            served.bus.call(PATH, FACE, "Slow", "is", 1, "one " + i);
        }

        served.bus.call(PATH, FACE, "Slow", "is", 2, "two");
        assertThat(List.of(served.slow.take(), served.slow.take())).containsExactlyInAnyOrder("one 0", "two");
        served.bus.call(PATH, FACE, "Echo", "s", "inline");
        assertThat(served.bus.answer().value()).isEqualTo("inline");
        served.permits.release(101);

        for (int i = 1; i < 100; i++) {
            assertThat(served.slow.poll(10, SECONDS)).isEqualTo("one " + i);
        }
    }

    @Test
    void inlineCallsRunOnTheReadingThreadAndOthersDoNot() {
        served.serve();

        served.bus.call(PATH, FACE, "Thread", null);

        assertThat(served.bus.answer().value()).isEqualTo("bus-worker");
    }

    @Test
    void namesTheCallerInWhatIsLogged() {
        served.echo = call -> Reply.of(String.valueOf(MDC.get("sender")));
        served.serve();

        served.bus.call(PATH, FACE, "Echo", "s", "x");

        assertThat(served.bus.answer().value()).isEqualTo(FakeBus.CLIENT);
    }

    @Test
    void runsWhatFollowsAReplyAfterIt() throws Exception {
        CountDownLatch followed = new CountDownLatch(1);
        served.echo = call -> Reply.of("x").then(() -> {
            if (served.bus.unseenAnswers() == 1) {
                followed.countDown();
            }
        });
        served.serve();

        served.bus.call(PATH, FACE, "Echo", "s", "x");

        assertThat(followed.await(10, SECONDS)).isTrue();
    }

    @Test
    void sendsSignalsToAllOrToOne() {
        served.serve();
        Signal signal = new Signal(PATH, FACE, "S", "iubu", List.of(1, 4_000_000_000L, false, 9), Optional.empty());

        served.connection.emit(signal);
        served.connection.emit(signal.to(":1.9"));

        assertThat(served.bus.answer().destination()).isEmpty();
        FakeAnswer toOne = served.bus.answer();
        assertThat(toOne.destination()).isEqualTo(":1.9");
        assertThat(toOne.signature()).isEqualTo("iubu");
        assertThat(toOne.values()).hasToString("[1, 4000000000, false, 9]");
    }
}
