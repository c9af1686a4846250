package com.pelagicore.softwarecontainer.bus;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BusClientTest {

    private static final BusRequest QUESTION = new BusRequest("x.Other", "/x", "x.Face", "Never", "", List.of());

    private final FakeBus bus = new FakeBus();
    private final BlockingQueue<String> losses = new LinkedBlockingQueue<>();
    private final BusClient client = BusClient.connect(
            bus,
            signal -> {
                throw new AssertionError("a bug");
            },
            losses::add);

    @AfterEach
    void close() {
        client.close();
    }

    @Test
    void callsThatWaitEndWhenItIsClosed() throws Exception {
        CompletableFuture<Arguments> waiting = ask();

        client.close();

        assertThatThrownBy(() -> waiting.get(10, SECONDS))
                .cause()
                .isInstanceOf(BusError.class)
                .hasMessage("the connection to the bus is closed");
        assertThat(losses).isEmpty();
    }

    @Test
    void callsThatWaitEndWhenTheBusHangsUpAndTheListenerHearsOfItOnce() throws Exception {
        CompletableFuture<Arguments> waiting = ask();

        bus.hangUp();

        assertThatThrownBy(() -> waiting.get(10, SECONDS)).cause().hasMessage("the bus closed the connection");
        assertThat(losses.poll(10, SECONDS)).isEqualTo("the bus closed the connection");
        client.close();
        assertThat(losses).isEmpty();
    }

    @Test
    void anErrorInTheListenerOfSignalsIsALossOfTheBus() throws Exception {
        bus.send(FakeMessages.signal("x.Other", "Said"));

        assertThat(losses.poll(10, SECONDS)).contains("met a bug", "a bug");
    }

    /** A call that nobody answers, and whose caller waits already. */
    private CompletableFuture<Arguments> ask() throws InterruptedException {
        bus.others.put("Never", new FakeBus.Other("x.Other", "", ""));
        CompletableFuture<Arguments> waiting = new CompletableFuture<>();
        Thread caller = new Thread(() -> {
            try {
                waiting.complete(client.call(QUESTION, Duration.ofMinutes(5)));
            } catch (BusError e) {
                waiting.completeExceptionally(e);
            }
        });
        caller.setDaemon(true);
        caller.start();
        assertThat(bus.asked.poll(10, SECONDS)).isNotNull();
        while (caller.isAlive() && caller.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        return waiting;
    }
}
