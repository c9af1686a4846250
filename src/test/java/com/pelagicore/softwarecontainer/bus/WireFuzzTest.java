package com.pelagicore.softwarecontainer.bus;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.freedesktop.dbus.types.Variant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Messages that are not as they should be, by chance but always the same: attack A34 of docs/security.md. Each that
 * asks for an answer, and can be read so far that it says so, gets one; none ends the connection.
 */
class WireFuzzTest {

    private static final String PATH = "/x/object";
    private static final String FACE = "x.Face";
    private static final String XML =
            """
            <node>
              <interface name="x.Face">
                <method name="Take">
                  <arg type="i" direction="in" name="id"/><arg type="s" direction="in" name="text"/>
                  <arg type="a{ss}" direction="in" name="map"/><arg type="as" direction="in" name="list"/>
                  <arg type="b" direction="in" name="flag"/><arg type="i" direction="out" name="id"/>
                </method>
              </interface>
            </node>
            """;
    private static final int MESSAGES = 3_000;

    private final FakeBus bus = new FakeBus();
    private final ConcurrentLinkedQueue<String> losses = new ConcurrentLinkedQueue<>();
    private BusConnection connection;

    @BeforeEach
    void serve() {
        connection = BusConnection.connect(bus, BusLimits.STANDARD, losses::add);
        connection.register(
                PATH,
                new BusObject(
                        new Introspection(XML, IntrospectionParser.parse(XML)),
                        List.of(MethodHandler.ofAll(
                                FACE,
                                "Take",
                                new Turn.InLane(call -> call.arguments().int32(0)),
                                WireFuzzTest::take))));
        connection.start();
    }

    private static Reply take(BusCall call) {
        Arguments arguments = call.arguments();
        arguments.string(1);
        arguments.stringMap(2);
        arguments.strings(3);
        arguments.bool(4);
        return Reply.of(arguments.int32(0));
    }

    @AfterEach
    void close() {
        connection.close();
    }

    /** The lengths stay as they are: what is in front of them is a bus, which keeps them right. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void survivesChangedBytes(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < MESSAGES; i++) {
            byte[] message = good(i + 1);
            for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
                int place = 8 + random.nextInt(message.length - 8);
                boolean isLengthOfHeader = place >= 12 && place < 16;
                message[isLengthOfHeader ? 8 : place] = (byte) random.nextInt(256);
            }
            bus.send(message);
        }

        assertServes();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "i",
                "s",
                "isa{ss}as",
                "isa{ss}asbb",
                "usa{ss}asb",
                "isa{sv}asb",
                "isa{ss}aib",
                "v",
                "vvvvv",
                "(isa{ss}asb)",
                "aaaaaaaaaaaaaaaai",
                "a(ss)",
                "ay",
                "d",
                "g",
                "o",
                "isa{ss}asi"
            })
    void answersEveryOtherSignature(String signature) {
        byte[] message = withSignature(good(77), signature);
        bus.send(message);

        FakeAnswer answer = bus.answer();

        assertThat(answer.error()).startsWith("org.freedesktop.DBus.Error.");
        assertServes();
    }

    @Test
    void survivesDeepVariants() {
        Variant<?> deep = new Variant<>("x");
        for (int depth = 0; depth < 60; depth++) {
            deep = new Variant<>(deep, "v");
        }
        bus.call(PATH, "org.freedesktop.DBus.Properties", "Set", "ssv", FACE, "Size", deep);

        assertThat(bus.answer().error()).isNotEmpty();
        assertServes();
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, Integer.MAX_VALUE})
    void answersEveryNumber(int number) {
        bus.call(PATH, FACE, "Take", "isa{ss}asb", number, "", Map.of(), List.of(), false);

        assertThat(bus.answer().value()).isEqualTo(number);
    }

    /** The last of many strange messages is followed by one that has to be answered well. */
    private void assertServes() {
        int serial = bus.callAs(":1.99", (byte) 0, PATH, FACE, "Take", "isa{ss}asb", 5, "x", Map.of(), List.of(), true);
        List<FakeAnswer> answers = new ArrayList<>();
        FakeAnswer last;
        do {
            last = bus.answer();
            answers.add(last);
        } while (last.replySerial() != serial || !last.destination().equals(":1.99"));
        assertThat(last.value()).isEqualTo(5);
        assertThat(answers)
                .filteredOn(answer -> answer.error().equals("org.freedesktop.DBus.Error.Failed"))
                .as("bugs")
                .isEmpty();
        assertThat(losses).isEmpty();
    }

    private static byte[] good(int serial) {
        return FakeMessages.message(
                ":1.50",
                (byte) 0,
                serial,
                PATH,
                FACE,
                "Take",
                "isa{ss}asb",
                5,
                "text",
                Map.of("A", "1"),
                List.of("a", "b"),
                true);
    }

    /** The signature field, wherever the codec has put it, replaced; the lengths follow. */
    private static byte[] withSignature(byte[] message, String signature) {
        ByteBuffer in = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
        int fieldsLength = in.getInt(12);
        int bodyStart = (16 + fieldsLength + 7) & ~7;
        byte[] old = "isa{ss}asb".getBytes(StandardCharsets.US_ASCII);
        int place = indexOf(message, old, bodyStart);
        int restStart = place + old.length + 1;
        byte[] rest = Arrays.copyOfRange(message, restStart, 16 + fieldsLength);
        if (rest.length > 0) {
            throw new AssertionError("the signature is not the last field");
        }
        int newFieldsLength = fieldsLength - old.length + signature.length();
        int newBodyStart = (16 + newFieldsLength + 7) & ~7;
        ByteBuffer out =
                ByteBuffer.allocate(newBodyStart + message.length - bodyStart).order(ByteOrder.LITTLE_ENDIAN);
        out.put(message, 0, place - 1).put((byte) signature.length());
        out.put(signature.getBytes(StandardCharsets.US_ASCII)).put((byte) 0);
        out.position(newBodyStart).put(message, bodyStart, message.length - bodyStart);
        return out.putInt(12, newFieldsLength).array();
    }

    private static int indexOf(byte[] where, byte[] what, int end) {
        for (int i = 16; i + what.length <= end; i++) {
            if (Arrays.equals(where, i, i + what.length, what, 0, what.length)) {
                return i;
            }
        }
        throw new AssertionError("no signature in the message");
    }
}
