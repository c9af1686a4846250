package com.pelagicore.softwarecontainer.bus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Clients that do not read, attack A29 of docs/security.md. */
class UnreadTest {

    private static final String SERVICE = ":1.1";
    private static final String PATH = "/x/object";
    private static final String FACE = "x.Face";
    private static final String XML =
            """
            <node>
              <interface name="x.Face">
                <method name="Big">
                  <arg type="i" direction="in" name="in"/><arg type="s" direction="out" name="out"/>
                </method>
              </interface>
            </node>
            """;
    private static final String DEAF = ":1.66";
    private static final long MUCH = 2_000_000;

    private final FakeBus bus = new FakeBus();
    private BusConnection connection;

    @BeforeEach
    void serve() {
        connection = BusConnection.connect(bus, BusLimits.STANDARD, reason -> {});
        connection.register(
                PATH,
                new BusObject(
                        new Introspection(XML, IntrospectionParser.parse(XML)),
                        List.of(MethodHandler.ofAll(FACE, "Big", new Turn.Inline(), UnreadTest::big))));
        connection.start();
    }

    private static Reply big(BusCall call) {
        return Reply.of(call.arguments().int32(0) + " " + "x".repeat(70_000));
    }

    @AfterEach
    void close() {
        connection.close();
    }

    @Test
    void whoDoesNotReadIsAnsweredWhenHeHasReadAndOthersMeanwhile() {
        stopReading(DEAF);
        for (int i = 2; i <= 5; i++) {
            call(DEAF, i);
        }

        call(":1.7", 1);
        assertThat(bus.answer().destination()).isEqualTo(":1.7");
        assertThat(bus.unseenAnswers()).isZero();

        bus.unread.put(DEAF, 0L);
        for (int i = 2; i <= 5; i++) {
            assertThat(bus.answer().value()).asString().startsWith(i + " ");
        }
    }

    @Test
    void whoReadsIsAnsweredHoweverMuchHeAsks() {
        for (int i = 1; i <= 300; i++) {
            call(FakeBus.CLIENT, i);
        }
        for (int i = 1; i <= 300; i++) {
            assertThat(bus.answer().value()).asString().startsWith(i + " ");
        }
    }

    @Test
    void whoDoesNotReadMakesTheServiceNeitherHoldNorSendMuch() {
        stopReading(DEAF);
        int held = BusLimits.STANDARD.callsPerClient();
        for (int i = 0; i < 10 * held; i++) {
            call(DEAF, i);
        }
        call(FakeBus.CLIENT, 1);

        long sent = 0;
        FakeAnswer last = bus.answer();
        while (last.destination().equals(DEAF)) {
            sent += last.values().toString().length();
            last = bus.answer();
        }
        assertThat(last.destination()).isEqualTo(FakeBus.CLIENT);
        assertThat(sent).isLessThan(200_000);
    }

    @Test
    void callsOfWhoIsGoneAreForgotten() {
        int held = BusLimits.STANDARD.callsPerClient();
        stopReading(DEAF);
        for (int i = 0; i < held; i++) {
            call(DEAF, i);
        }
        bus.endConnection(DEAF);

        // there is room for as many of another one
        String other = ":1.67";
        stopReading(other);
        for (int i = 0; i < held; i++) {
            call(other, i);
        }
        bus.unread.put(other, 0L);
        for (int i = 0; i < held; i++) {
            FakeAnswer answer = bus.answer();
            assertThat(answer.destination()).isEqualTo(other);
            assertThat(answer.error()).isEmpty();
        }
    }

    @Test
    void aBusThatDoesNotTellWhoReadsIsNoReasonNotToAnswer() {
        bus.tellsWhoReads = false;
        whoReadsIsAnsweredHoweverMuchHeAsks();
    }

    @Test
    void aBusThatOnceAnswersSomethingOddIsAskedAgain() {
        bus.oddAnswer = "org.freedesktop.DBus.Error.LimitsExceeded";
        stopReading(DEAF);
        call(DEAF, 2);
        call(":1.7", 1);
        assertThat(bus.answer().destination()).isEqualTo(":1.7");

        bus.oddAnswer = "";
        call(":1.7", 2);
        assertThat(bus.answer().destination()).isEqualTo(":1.7");
        bus.unread.put(DEAF, 0L);
        assertThat(bus.answer().value()).asString().startsWith("2 ");
    }

    @Test
    void whenTooManySignalsAreUnreadOnlyCallersWhoReadGetThem() {
        bus.unread.put(SERVICE, 40_000_000L);
        stopReading(DEAF);
        call(FakeBus.CLIENT, 1);
        assertThat(bus.answer().destination()).isEqualTo(FakeBus.CLIENT);

        emitUntil(FakeBus.CLIENT);
        bus.unread.put(SERVICE, 0L);
        emitUntil("");
    }

    /** Emits signals until one goes to this receiver; none may go to who does not read. */
    private void emitUntil(String receiver) {
        Signal signal = new Signal(PATH, FACE, "S", "s", List.of("x".repeat(10_000)), Optional.empty());
        FakeAnswer sent;
        do {
            connection.emit(signal);
            sent = bus.answer();
            assertThat(sent.destination()).isNotEqualTo(DEAF);
        } while (!sent.destination().equals(receiver));
    }

    /** After an answer that fills the window. */
    private void stopReading(String client) {
        bus.unread.put(client, MUCH);
        call(client, 1);
        assertThat(bus.answer().destination()).isEqualTo(client);
    }

    private void call(String client, int number) {
        bus.callAs(client, (byte) 0, PATH, FACE, "Big", "i", number);
    }
}
