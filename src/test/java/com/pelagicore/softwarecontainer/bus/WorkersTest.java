package com.pelagicore.softwarecontainer.bus;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WorkersTest {

    private final Workers workers = new Workers(new BusLimits(1024, 5000, 5000, 5000, 5000, 4, 3));

    @AfterEach
    void close() {
        workers.close();
    }

    @Test
    void runsCallsOfDifferentSendersBesideEachOther() throws Exception {
        CyclicBarrier together = new CyclicBarrier(5);
        for (int i = 0; i < 4; i++) {
            submit("client " + i, Optional.empty(), () -> await(together));
        }

        together.await(10, SECONDS);

        assertThat(workers.threads()).isEqualTo(4);
    }

    @Test
    void neverHasMoreThreadsThanItMay() throws Exception {
        CountDownLatch all = new CountDownLatch(2000);
        for (int i = 0; i < 2000; i++) {
            submit("client " + i % 7, Optional.empty(), all::countDown);
        }

        assertThat(all.await(10, SECONDS)).isTrue();
        assertThat(workers.threads()).isBetween(1, 4);
    }

    @Test
    void aBlockedLaneTakesOneThread() throws Exception {
        Semaphore blocked = new Semaphore(0);
        CountDownLatch others = new CountDownLatch(100);
        for (int i = 0; i < 100; i++) {
            submit("slow", Optional.of("lane"), blocked::acquireUninterruptibly);
        }

        for (int i = 0; i < 100; i++) {
            submit("slow", Optional.of(i), others::countDown);
        }

        assertThat(others.await(10, SECONDS)).isTrue();
        blocked.release(100);
    }

    @Test
    void aThreadThatIdlesHoldsNothingOfItsLastCall() throws Exception {
        WeakReference<byte[]> message = submitLarge();

        // less than the time after which it ends
        long deadline = System.nanoTime() + SECONDS.toNanos(5);
        while (message.get() != null && System.nanoTime() < deadline) {
            System.gc();
        }

        assertThat(message.get()).isNull();
        assertThat(workers.threads()).isEqualTo(1);
    }

    private WeakReference<byte[]> submitLarge() throws Exception {
        byte[] message = new byte[1_000_000];
        CountDownLatch done = new CountDownLatch(1);
        submit("client", Optional.empty(), () -> {
            message[0]++;
            done.countDown();
        });
        done.await(10, SECONDS);
        return new WeakReference<>(message);
    }

    @Test
    void anInterruptLeftBehindHarmsNobody() throws Exception {
        CountDownLatch done = new CountDownLatch(50);
        for (int i = 0; i < 50; i++) {
            submit("client", Optional.empty(), () -> {
                Thread.currentThread().interrupt();
                done.countDown();
            });
        }

        assertThat(done.await(10, SECONDS)).isTrue();
    }

    private void submit(String client, Optional<Object> lane, Runnable work) {
        workers.submit(workers.budget().enter(client, 1), lane, () -> {
            work.run();
            return CompletableFuture.completedStage(true);
        });
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await(10, SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void saysWhenNoCallIsBeingHandled() throws Exception {
        Semaphore blocked = new Semaphore(0);
        CountDownLatch begun = new CountDownLatch(1);
        submit("client", Optional.empty(), () -> {
            begun.countDown();
            blocked.acquireUninterruptibly();
        });
        assertThat(begun.await(10, SECONDS)).isTrue();

        assertThat(workers.awaitIdle(Duration.ofMillis(20))).isFalse();
        blocked.release();

        assertThat(workers.awaitIdle(Duration.ofSeconds(10))).isTrue();
    }
}
