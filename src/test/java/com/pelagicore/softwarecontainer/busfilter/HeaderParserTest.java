package com.pelagicore.softwarecontainer.busfilter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HeaderParserTest {

    @Test
    void readsBothByteOrders() {
        for (ByteOrder order : new ByteOrder[] {ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN}) {
            MessageHeader header = new TestMessage(order, TestMessage.CALL, 258)
                    .field(1, 'o', "/a/b")
                    .field(2, 's', "a.b")
                    .field(3, 's', "M")
                    .field(6, 's', "c.d")
                    .field(7, 's', ":1.5")
                    .field(8, 'g', "ay")
                    .field(9, 3)
                    .body((byte) 1, (byte) 2, (byte) 3)
                    .header();

            assertThat(header.path()).isEqualTo("/a/b");
            assertThat(header.interfaceName()).isEqualTo("a.b");
            assertThat(header.member()).isEqualTo("M");
            assertThat(header.destination()).isEqualTo("c.d");
            assertThat(header.sender()).isEqualTo(":1.5");
            assertThat(header.signature()).isEqualTo("ay");
            assertThat(header.descriptors()).isEqualTo(3);
            assertThat(header.serial()).isEqualTo(258);
            assertThat(header.bodySize()).isEqualTo(3);
            assertThat(header.headerSize() % 8).isZero();
            assertThat(header.wantsReply()).isTrue();
        }
    }

    @Test
    void waitsForTheWholeHeaderWhereverItIsCut() {
        byte[] whole = TestMessage.call(1, "a.b", "c.d", "M").body((byte) 1).toBytes();
        for (int length = 0; length < whole.length - 1; length++) {
            assertThat(HeaderParser.parse(ByteBuffer.wrap(whole, 0, length))).isEmpty();
        }

        assertThat(HeaderParser.parse(ByteBuffer.wrap(whole, 0, whole.length - 1)))
                .isPresent();
    }

    @Test
    void readsOverFieldsOfTheFutureIfTheirTypeIsSimple() {
        assertThat(TestMessage.call(1, "a.b", "c.d", "M")
                        .field(10, 'o', "/future")
                        .header()
                        .member())
                .isEqualTo("M");
    }

    @Test
    void refusesWhatTheBusMightReadInAnotherWay() {
        assertMalformed(TestMessage.call(1, "a.b", "c.d", "M").field(3, 's', "N"));
        assertMalformed(TestMessage.call(1, "a.b", "c.d", "M").field(7, 'o', "/x"));
        assertMalformed(TestMessage.call(1, "a.b", "c.d", "M").field(20, 'v', "x"));
        assertMalformed(TestMessage.call(0, "a.b", "c.d", "M"));
        assertMalformed(TestMessage.reply(0, "a.b"));
        assertMalformed(new TestMessage(ByteOrder.LITTLE_ENDIAN, TestMessage.SIGNAL, 1).field(1, 'o', "/p"));
        assertMalformed(new TestMessage(ByteOrder.LITTLE_ENDIAN, 5, 1).field(1, 'o', "/p"));
    }

    @Test
    void refusesLengthsBeyondTheLimits() {
        ByteBuffer header = ByteBuffer.wrap(
                        TestMessage.call(1, "a.b", "c.d", "M").toBytes())
                .order(ByteOrder.LITTLE_ENDIAN);

        assertThatThrownBy(() -> HeaderParser.parse(
                        header.duplicate().order(ByteOrder.LITTLE_ENDIAN).putInt(12, HeaderParser.MAXIMUM_HEADER + 1)))
                .isInstanceOf(MalformedStream.class);
        header.putInt(12, 24).putInt(4, -1);
        assertThatThrownBy(() -> HeaderParser.parse(header)).isInstanceOf(MalformedStream.class);
    }

    @Test
    void takesRandomBytesForWhatTheyAre() {
        Random random = new Random(11);
        byte[] good = TestMessage.call(1, "a.b", "c.d", "M").toBytes();
        int survived = 0;
        int refused = 0;
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = Arrays.copyOf(good, good.length);
            for (int changes = random.nextInt(1, 6); changes > 0; changes--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            try {
                survived += HeaderParser.parse(ByteBuffer.wrap(bytes)).isPresent() ? 1 : 0;
            } catch (MalformedStream expected) {
                refused++;
            }
        }
        assertThat(survived).isPositive();
        assertThat(refused).isPositive();
    }

    private static void assertMalformed(TestMessage message) {
        assertThatThrownBy(message::header).isInstanceOf(MalformedStream.class);
    }
}
