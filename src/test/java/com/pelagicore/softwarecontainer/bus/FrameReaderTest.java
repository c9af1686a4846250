package com.pelagicore.softwarecontainer.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class FrameReaderTest {

    private static final int LIMIT = 100_000;

    private final FakeBus stream = new FakeBus();
    private final FrameReader frames = new FrameReader(stream, LIMIT);

    @Test
    void readsAMessageThatComesByteByByte() {
        for (byte one : message("Hello", 7)) {
            stream.send(new byte[] {one});
        }

        assertThat(next().name()).isEqualTo("Hello");
    }

    @Test
    void readsSeveralMessagesOfOneRead() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int size = 0; size < 20; size++) {
            bytes.writeBytes(message("M" + size, size));
        }
        stream.send(bytes.toByteArray());

        for (int size = 0; size < 20; size++) {
            IncomingMessage message = next();
            assertThat(message.name()).isEqualTo("M" + size);
            assertThat(message.arguments().string(0)).hasSize(size);
        }
    }

    @Test
    void endsWithTheStream() {
        stream.send(message("A", 1));
        stream.hangUp();

        next();
        assertThat(frames.next()).isEmpty();
    }

    @Test
    void keepsTheHeaderOnlyOfALargeMessageThatIsNotWanted() {
        stream.send(message("Large", FrameReader.LARGE));
        stream.send(message("Small", 1));
        FrameReader unwilling = new FrameReader(stream, LIMIT, header -> false);

        Frame large = unwilling.next().orElseThrow();

        assertThat(large.isWhole()).isFalse();
        assertThat(large.body()).isEmpty();
        assertThat(large.size()).isGreaterThan(FrameReader.LARGE);
        assertThat(IncomingMessage.decode(large).orElseThrow().name()).isEqualTo("Large");
        assertThat(unwilling.next().orElseThrow().isWhole()).isTrue();
    }

    @Test
    void keepsTheHeaderOnlyOfAMessageOverTheLimit() {
        byte[] large = message("Large", 2 * LIMIT);
        stream.send(large);
        stream.send(message("Small", 1));

        Frame frame = frames.next().orElseThrow();

        assertThat(frame.body()).isEmpty();
        assertThat(frame.size()).isEqualTo(large.length);
        assertThat(IncomingMessage.decode(frame).orElseThrow().name()).isEqualTo("Large");
        assertThat(next().name()).isEqualTo("Small");
    }

    @Test
    void takesAMessageOfExactlyTheLimit() {
        int overhead = message("M", 0).length;
        stream.send(message("M", LIMIT - overhead));
        stream.send(message("M", LIMIT - overhead + 1));

        assertThat(frames.next().orElseThrow().body()).isNotEmpty();
        assertThat(frames.next().orElseThrow().body()).isEmpty();
    }

    @Test
    void skipsAMessageWhoseHeaderAloneIsOverTheLimit() {
        stream.send(prefix('l', 1, 100, 3 * LIMIT));
        stream.send(new byte[3 * LIMIT + 100]);
        stream.send(message("Next", 1));

        assertThat(next().name()).isEqualTo("Next");
    }

    @Test
    void allocatesNothingForLengthsThatNoMessageMayHave() {
        stream.send(prefix('l', 1, -1, 8));

        assertThatThrownBy(frames::next)
                .isInstanceOf(SoftwareContainerException.class)
                .hasMessageContaining("4294967319 bytes");
    }

    @Test
    void refusesBytesThatAreNoMessage() {
        stream.send("HTTP/1.1 400 Bad Request\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));

        assertThatThrownBy(frames::next).hasMessage("the bus sent bytes that begin no message");
    }

    @Test
    void refusesAnotherProtocolVersion() {
        stream.send(prefix('l', 2, 0, 0));

        assertThatThrownBy(frames::next).hasMessage("the bus sent bytes that begin no message");
    }

    @Test
    void refusesAStreamThatEndsInsideAMessage() {
        stream.send(Arrays.copyOf(message("Cut", 10), 60));
        stream.hangUp();

        assertThatThrownBy(frames::next).hasMessage("the bus sent part of a message");
    }

    @Test
    void readsLengthsInTheByteOrderOfTheMessage() {
        stream.send(prefix('B', 1, 3, 5));
        stream.send(new byte[8 + 3]);

        assertThat(frames.next().orElseThrow().body()).hasSize(3);
    }

    private IncomingMessage next() {
        return IncomingMessage.decode(frames.next().orElseThrow()).orElseThrow();
    }

    private static byte[] message(String member, int size) {
        return FakeMessages.message(":1.9", (byte) 0, 5, "/a", "a.b", member, "s", "x".repeat(size));
    }

    private static byte[] prefix(char order, int version, int bodyLength, int headerLength) {
        return ByteBuffer.allocate(Frame.PREFIX)
                .order(order == 'l' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN)
                .put((byte) order)
                .put((byte) 1)
                .put((byte) 0)
                .put((byte) version)
                .putInt(bodyLength)
                .putInt(1)
                .putInt(headerLength)
                .array();
    }
}
