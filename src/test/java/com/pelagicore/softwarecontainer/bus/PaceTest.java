package com.pelagicore.softwarecontainer.bus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How fast users may call, attack A28 of docs/security.md; the test is the reading thread, and the clock. */
class PaceTest {

    private static final String ROOT = ":1.1";
    private static final String EVE = ":1.2";
    private static final String ALSO_EVE = ":1.3";
    private static final String BOB = ":1.4";

    private final Workers workers = new Workers(BusLimits.STANDARD);
    private final List<String> passed = new ArrayList<>();
    private final BlockingQueue<Runnable> readingThread = new LinkedBlockingQueue<>();
    private long now;
    private boolean isKnownWhoCalls = true;

    private final Pace pace = new Pace(
            this::user,
            workers,
            call -> passed.add(call.sender().orElseThrow() + " " + call.serial()),
            readingThread::add,
            () -> now);

    private Optional<String> user(String connection) {
        if (!isKnownWhoCalls) {
            return Optional.of(connection);
        }
        return switch (connection) {
            case ROOT -> Optional.empty();
            case EVE, ALSO_EVE -> Optional.of("eve");
            default -> Optional.of("bob");
        };
    }

    @AfterEach
    void close() {
        workers.close();
    }

    @Test
    void rootIsNeverHeldBack() {
        call(ROOT, 5000, "x");

        assertThat(passed).hasSize(5000);
    }

    @Test
    void allConnectionsOfAUserShareAPaceAndOthersHaveTheirOwn() {
        call(EVE, Pace.BURST, "");
        call(ALSO_EVE, 1000, "");
        long ofEve = passed.size();
        call(BOB, 5, "");

        assertThat(ofEve).isBetween(Pace.BURST / 2L, Pace.BURST + 1L);
        assertThat(passed).hasSize((int) ofEve + 5);
    }

    @Test
    void whatIsHeldPassesLaterInItsOrder() throws Exception {
        call(EVE, 800, "");
        int atOnce = passed.size();

        while (passed.size() < 800) {
            int before = passed.size();
            now += 10_000_000;
            readingThread.take().run();
            assertThat(passed.size() - before).isBetween(0, Pace.RATE / 100 + 1);
        }

        assertThat(atOnce).isLessThan(Pace.BURST + 2);
        assertThat(passed)
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 800)
                        .mapToObj(i -> EVE + " " + i)
                        .toList());
    }

    @Test
    void aLargeCallCountsAsMany() {
        call(EVE, 10, "x".repeat(900_000));

        assertThat(passed).hasSizeBetween(2, 4);
    }

    @Test
    void whatIsTooMuchToHoldIsDropped() throws Exception {
        call(EVE, 5000, "");
        int atOnce = passed.size();

        while (!readingThread.isEmpty() || passed.size() < atOnce + 512) {
            now += 10_000_000_000L;
            readingThread.take().run();
        }

        assertThat(passed).hasSize(atOnce + 512);
    }

    @Test
    void callsStayInOrderWhenItBecomesKnownWhoseTheyAre() throws Exception {
        isKnownWhoCalls = false;
        call(ROOT, 800, "");
        isKnownWhoCalls = true;
        call(ROOT, 10, "");

        while (passed.size() < 810) {
            now += 10_000_000;
            readingThread.take().run();
        }

        assertThat(passed)
                .containsExactlyElementsOf(IntStream.concat(IntStream.rangeClosed(1, 800), IntStream.rangeClosed(1, 10))
                        .mapToObj(i -> ROOT + " " + i)
                        .toList());
    }

    private void call(String sender, int count, String text) {
        for (int i = 1; i <= count; i++) {
            byte[] bytes = FakeMessages.message(sender, (byte) 0, i, "/a", "a.b", "M", "s", text);
            pace.pass(IncomingMessage.decode(FakeMessages.frame(bytes)).orElseThrow());
        }
    }
}
