package com.pelagicore.softwarecontainer.bus;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.freedesktop.dbus.types.UInt32;
import org.freedesktop.dbus.types.Variant;
import org.junit.jupiter.api.Test;

/** Calls are dispatched by one thread, however early the bus answers what another one asks. */
class ReadingThreadTest {

    private static final String READER = "reader";
    private static final String CLIENT = ":1.66";

    private final OutgoingCalls calls =
            new OutgoingCalls(new MessageWriter(new HastyBus(), reason -> {}, (receiver, bytes) -> {}));
    private final BlockingQueue<String> threads = new LinkedBlockingQueue<>();
    private volatile long unread = 1_000_000;

    @Test
    void runsWhatItIsGivenOnTheThreadThatReads() throws InterruptedException {
        calls.onReadingThread(() -> threads.add(Thread.currentThread().getName()));

        assertThat(threads.poll(10, SECONDS)).isEqualTo(READER);
    }

    @Test
    void dispatchesThereWhatWasHeldBack() throws InterruptedException {
        Unread clients = new Unread(
                new BusStatistics(calls),
                new CallBudget(BusLimits.STANDARD),
                call -> threads.add(Thread.currentThread().getName()),
                (call, limit) -> threads.add("refused"));
        clients.pass(call());
        threads.remove();
        clients.sent(CLIENT, 1_000_000);
        clients.pass(call());
        assertThat(threads).isEmpty();

        unread = 0;

        assertThat(threads.poll(10, SECONDS)).isEqualTo(READER);
    }

    private static IncomingMessage call() {
        return decode(FakeMessages.message(CLIENT, (byte) 0, 5, "/x", "x.Face", "M", null));
    }

    private static IncomingMessage decode(byte[] message) {
        return IncomingMessage.decode(FakeMessages.frame(message)).orElseThrow();
    }

    /** The answer has been read before the question's write returns. */
    private final class HastyBus implements BusTransport {

        @Override
        public void write(ByteBuffer source, List<PassedFile> files) {
            byte[] question = new byte[source.remaining()];
            source.get(question);
            Thread reader = new Thread(() -> calls.answered(decode(answer(question))), READER);
            reader.start();
            try {
                reader.join();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        private byte[] answer(byte[] question) {
            Variant<UInt32> bytes = new Variant<>(new UInt32(unread));
            return decode(question).name().equals("GetId")
                    ? FakeMessages.reply(FakeBus.BUS, question, "s", "0123456789abcdef", 7)
                    : FakeMessages.reply(FakeBus.BUS, question, "a{sv}", Map.of("OutgoingBytes", bytes), 7);
        }

        @Override
        public boolean read(ByteBuffer target, Consumer<PassedFile> files) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void readTimeout(Duration timeout) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {
            throw new UnsupportedOperationException();
        }
    }
}
