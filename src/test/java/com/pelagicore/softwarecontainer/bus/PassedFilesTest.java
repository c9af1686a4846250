package com.pelagicore.softwarecontainer.bus;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Which message the files of a stream belong to. */
class PassedFilesTest {

    private static final int LIMIT = 4000;

    private final FakeFile one = new FakeFile(100);
    private final FakeFile two = new FakeFile(101);
    private final Pieces pieces = new Pieces();
    private final FrameReader frames = new FrameReader(pieces, LIMIT);

    @Test
    void belongToTheMessageThatTheyCameWith() {
        pieces.add(message(10));
        pieces.add(message(10), one, two);
        pieces.add(message(10));

        assertThat(next().files()).isEmpty();
        assertThat(next().files()).containsExactly(one, two);
        assertThat(next().files()).isEmpty();
        assertThat(one.isClosed()).isFalse();
    }

    /** The kernel joins data without files to what follows, and ends the read there. */
    @Test
    void belongToTheLastMessageOfTheirRead() {
        pieces.add(join(message(10), message(20), message(30)), one);
        pieces.add(message(10));

        assertThat(next().files()).isEmpty();
        assertThat(next().files()).isEmpty();
        assertThat(next().files()).containsExactly(one);
        assertThat(next().files()).isEmpty();
    }

    @Test
    void belongToAMessageOfSeveralReads() {
        byte[] large = message(2000);
        pieces.add(Arrays.copyOf(large, 20), one);
        pieces.add(Arrays.copyOfRange(large, 20, large.length));
        pieces.add(message(10), two);

        assertThat(next().files()).containsExactly(one);
        assertThat(next().files()).containsExactly(two);
    }

    /** Or else the next client would get them. */
    @Test
    void ofAMessageThatIsSkippedAreClosed() {
        byte[] prefix = ByteBuffer.allocate(Frame.PREFIX + 8 * LIMIT)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(new byte[] {'l', 1, 0, 1})
                .putInt(0)
                .putInt(1)
                .putInt(8 * LIMIT)
                .array();
        pieces.add(prefix, one);
        pieces.add(message(10), two);

        assertThat(next().files()).containsExactly(two);
        assertThat(one.isClosed()).isTrue();
    }

    @Test
    void stayWithAMessageWhoseBodyIsOverTheLimit() {
        pieces.add(message(3 * LIMIT), one);
        pieces.add(message(10), two);

        assertThat(next().files()).containsExactly(one);
        assertThat(next().files()).containsExactly(two);
    }

    @Test
    void areClosedWithTheStreamIfNobodyTookThem() {
        pieces.add(join(message(10), Arrays.copyOf(message(10), 20)), one);

        assertThat(next().files()).isEmpty();
        frames.close();

        assertThat(one.isClosed()).isTrue();
    }

    private Frame next() {
        return frames.next().orElseThrow();
    }

    private static byte[] message(int size) {
        return FakeMessages.message(":1.9", (byte) 0, 5, "/a", "a.b", "M", "s", "x".repeat(size));
    }

    private static byte[] join(byte[]... messages) {
        ByteBuffer all = ByteBuffer.allocate(LIMIT);
        Arrays.stream(messages).forEach(all::put);
        return Arrays.copyOf(all.array(), all.position());
    }

    /** Each piece is one read, if there is room. */
    private static final class Pieces implements BusTransport {

        private record Piece(ByteBuffer bytes, List<PassedFile> files) {}

        private final Queue<Piece> pieces = new ArrayDeque<>();

        void add(byte[] bytes, PassedFile... files) {
            pieces.add(new Piece(ByteBuffer.wrap(bytes), List.of(files)));
        }

        @Override
        public boolean read(ByteBuffer target, Consumer<PassedFile> files) {
            Piece piece = pieces.remove();
            piece.files().forEach(files);
            int count = Math.min(target.remaining(), piece.bytes().remaining());
            target.put(piece.bytes().slice().limit(count));
            piece.bytes().position(piece.bytes().position() + count);
            if (piece.bytes().hasRemaining()) {
                Queue<Piece> rest = new ArrayDeque<>(pieces);
                pieces.clear();
                pieces.add(new Piece(piece.bytes(), List.of()));
                pieces.addAll(rest);
            }
            return true;
        }

        @Override
        public void write(ByteBuffer source, List<PassedFile> files) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void readTimeout(Duration timeout) {}

        @Override
        public void close() {}
    }
}
