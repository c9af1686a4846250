package com.pelagicore.softwarecontainer.container;

import static org.assertj.core.api.Assertions.assertThat;

import com.pelagicore.softwarecontainer.config.ContainerOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ConcurrencyTest {

    private static final ContainerOptions PLAIN = Options.PLAIN.value();

    @TempDir
    private Path directory;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private ModelHost host;
    private Containers containers;

    @BeforeEach
    void makeHost() {
        host = new ModelHost(directory);
        containers = new Containers(host.containerHost(), new RecordingListener());
    }

    @AfterEach
    void endThreads() {
        released.countDown();
        threads.shutdown();
    }

    @Test
    void listsAndWorksWhileACreateIsBlockedInLxcStart() throws Exception {
        containers.create(PLAIN);
        block("start SC-1");
        Future<Container> blocked = threads.submit(() -> containers.create(PLAIN));
        reached.await();

        assertThat(containers.ids()).containsExactly(new ContainerId(0));
        assertThat(execute(containers.get(0))).isPositive();
        containers.destroy(containers.create(PLAIN));
        assertThat(blocked).isNotDone();

        released.countDown();
        assertThat(blocked.get(10, TimeUnit.SECONDS).id()).isEqualTo(new ContainerId(1));
        assertThat(containers.ids()).containsExactly(new ContainerId(0), new ContainerId(1));
    }

    @Test
    void doesNotWaitForAnotherContainersVerb() throws Exception {
        Container slow = containers.create(PLAIN);
        Container other = containers.create(PLAIN);
        block("freeze SC-0");
        Future<?> blocked = threads.submit(slow::suspend);
        reached.await();

        other.suspend();
        other.resume();
        assertThat(execute(other)).isPositive();
        containers.destroy(other);

        assertThat(blocked).isNotDone();
        released.countDown();
        blocked.get(10, TimeUnit.SECONDS);
        assertThat(host.runtime.frozen()).containsExactly("SC-0");
    }

    @Test
    void doesOneVerbAtATimeInOneContainer() throws Exception {
        Container container = containers.create(PLAIN);
        block("freeze SC-0");
        Future<?> suspended = threads.submit(container::suspend);
        reached.await();

        CountDownLatch asked = new CountDownLatch(1);
        Future<?> resumed = threads.submit(() -> {
            asked.countDown();
            container.resume();
        });
        asked.await();
        released.countDown();

        suspended.get(10, TimeUnit.SECONDS);
        resumed.get(10, TimeUnit.SECONDS);
        assertThat(execute(container)).isPositive();
    }

    /** All of them are inside at once, or the barrier breaks. */
    @Test
    void startsContainersAtTheSameTime() throws Exception {
        CyclicBarrier allInside = new CyclicBarrier(8);
        host.calls.observe(call -> {
            if (call.startsWith("start ")) {
                await(allInside);
            }
        });

        List<Future<Container>> made = IntStream.range(0, 8)
                .mapToObj(i -> threads.submit(() -> containers.create(PLAIN)))
                .toList();

        for (Future<Container> container : made) {
            container.get(10, TimeUnit.SECONDS);
        }
        assertThat(containers.ids()).hasSize(8).last().isEqualTo(new ContainerId(7));
    }

    @Test
    void destroysOnceIfTwoAskAtTheSameTime() throws Exception {
        Container container = containers.create(PLAIN);
        block("undefine SC-0");
        Future<?> first = threads.submit(() -> containers.destroy(container));
        reached.await();
        Future<?> second = threads.submit(() -> containers.destroy(container));
        released.countDown();

        first.get(10, TimeUnit.SECONDS);

        assertThat(second)
                .failsWithin(java.time.Duration.ofSeconds(10))
                .withThrowableThat()
                .withMessageContaining("Invalid to shut down container");
        assertThat(host.calls.made()).containsOnlyOnce("undefine SC-0");
    }

    private void block(String blockedCall) {
        host.calls.observe(call -> {
            if (call.equals(blockedCall)) {
                reached.countDown();
                await(released);
            }
        });
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static long execute(Container container) {
        return container.execute(List.of("true"), Map.of(), "/", Optional.empty());
    }
}
