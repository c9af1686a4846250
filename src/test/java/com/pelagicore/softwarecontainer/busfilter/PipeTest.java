package com.pelagicore.softwarecontainer.busfilter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PipeTest {

    private static final byte[] PASSES = message("Pass", 3000);
    private static final byte[] STOPS = message("Stop", 50_000);

    private final FakeSocket left = new FakeSocket();
    private final FakeSocket right = new FakeSocket();
    private final Endpoint from = new Endpoint(left, HeaderParser.MAXIMUM_HEADER);
    private final Endpoint to = new Endpoint(right, HeaderParser.MAXIMUM_HEADER);
    private final Pipe pipe = new Pipe(from, to, new ByMember());

    @Test
    void passesAndDropsWholeMessagesHoweverTheyAreCut() {
        byte[] all = join(PASSES, STOPS, PASSES, STOPS, PASSES);
        Random random = new Random(5);
        for (int start = 0, length; start < all.length; start += length) {
            length = Math.min(all.length - start, random.nextInt(1, 700));
            left.give(ByteBuffer.allocate(length).put(all, start, length).array());
        }

        drain();

        assertThat(right.sent.toByteArray()).isEqualTo(join(PASSES, PASSES, PASSES));
    }

    @Test
    void sendsDescriptorsWithTheFirstByteOfTheirMessage() {
        PassedDescriptor descriptor = () -> {};
        byte[] withDescriptor =
                TestMessage.call(3, "a.b", "c.d", "Pass").field(9, 1).toBytes();
        left.give(join(PASSES, withDescriptor, PASSES), descriptor);

        drain();

        assertThat(right.sentDescriptors).containsExactly(new FakeSocket.Sent(PASSES.length, List.of(descriptor)));
    }

    @Test
    void closesTheDescriptorsOfWhatDoesNotPass() {
        boolean[] closed = {false};
        left.give(TestMessage.call(3, "a.b", "c.d", "Stop").field(9, 1).toBytes(), () -> closed[0] = true);

        drain();

        assertThat(closed[0]).isTrue();
        assertThat(right.sent.size()).isZero();
    }

    @Test
    void refusesDescriptorsThatBelongToNoMessage() {
        left.give(PASSES, () -> {});

        assertThatThrownBy(this::drain).isInstanceOf(MalformedStream.class);
    }

    @Test
    void holdsBackWhatAPeerDoesNotTake() {
        right.room = 0;
        for (int i = 0; i < 100; i++) {
            left.give(PASSES);
        }

        for (int i = 0; i < 100; i++) {
            boolean connected = from.receive();
            assertThat(connected).isTrue();
            boolean ignored = pipe.pump();
        }
        assertThat(pipe.isBlocked()).isTrue();
        assertThat(pipe.pump()).isTrue();

        assertThat(to.output().size()).isLessThan(2 * OutputQueue.HIGH);
        assertThat(left.hasInput()).isTrue();
        right.room = Integer.MAX_VALUE;
        drain();
        assertThat(right.sent.size()).isEqualTo(100 * PASSES.length);
    }

    @Test
    void holdsBackDescriptorsThatAPeerDoesNotTake() {
        PassedDescriptor[] sixteen = new PassedDescriptor[Endpoint.MAXIMUM_DESCRIPTORS];
        Arrays.fill(sixteen, (PassedDescriptor) () -> {});
        byte[] message = TestMessage.call(3, "a.b", "c.d", "Pass")
                .field(9, sixteen.length)
                .toBytes();
        right.room = 0;
        int passed = 0;
        while (!pipe.isBlocked() && passed < 100) {
            left.give(message, sixteen);
            assertThat(from.receive()).isTrue();
            boolean ignored = pipe.pump();
            passed++;
        }

        assertThat(passed).isEqualTo(OutputQueue.HIGH_DESCRIPTORS / sixteen.length);
        right.room = Integer.MAX_VALUE;
        assertThat(to.output().flush(right)).isTrue();
        assertThat(pipe.isBlocked()).isFalse();
        assertThat(right.sentDescriptors).hasSize(passed);
    }

    @Test
    void insertsItsOwnMessagesBetweenOthers() {
        byte[] own = "OWN".getBytes(StandardCharsets.US_ASCII);
        left.give(ByteBuffer.allocate(1000).put(PASSES, 0, 1000).array());
        drain();
        to.insert(ByteBuffer.wrap(own));
        left.give(ByteBuffer.allocate(PASSES.length - 1000)
                .put(PASSES, 1000, PASSES.length - 1000)
                .array());

        drain();

        assertThat(right.sent.toByteArray()).isEqualTo(join(PASSES, own));
    }

    private void drain() {
        do {
            boolean connected = from.receive();
            assertThat(connected).isTrue();
            boolean heldBack = true;
            while (heldBack) {
                heldBack = pipe.pump();
                assertThat(to.output().flush(right)).isTrue();
            }
        } while (left.hasInput());
    }

    private static byte[] message(String member, int size) {
        byte[] body = new byte[size];
        new Random(size).nextBytes(body);
        return TestMessage.call(1, "a.b", "c.d", member).body(body).toBytes();
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private static final class ByMember implements Pipe.Gate {

        @Override
        public boolean needsBody(MessageHeader header) {
            return false;
        }

        @Override
        public boolean passes(MessageHeader header, ByteBuffer message) {
            return header.member().equals("Pass");
        }

        @Override
        public void refuseTooLarge(MessageHeader header) {
            throw new IllegalStateException();
        }
    }
}
