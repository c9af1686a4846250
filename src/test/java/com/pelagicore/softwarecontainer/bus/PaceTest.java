package com.pelagicore.softwarecontainer.bus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How fast users may call, attack A28 of docs/security.md; the test is the reading thread, and the clock. */
class PaceTest {

    private static final String ROOT = ":1.1";
    private static final String EVE = ":1.2";
    private static final String ALSO_EVE = ":1.3";
    private static final String BOB = ":1.4";
    private static final String STRANGER = ":1.5";

    private final CallBudget waiting = new CallBudget(BusLimits.STANDARD);
    private final List<String> passed = new ArrayList<>();
    private final List<String> refused = new ArrayList<>();
    private final BlockingQueue<Runnable> readingThread = new LinkedBlockingQueue<>();
    private final Map<String, CompletableFuture<Credentials>> identities = new HashMap<>();
    private long now;

    private final Pace pace = new Pace(
            this::identity,
            waiting,
            call -> passed.add(name(call)),
            (call, error) -> refused.add(name(call) + " " + error.getMessage()),
            readingThread::add,
            () -> now);

    private CompletableFuture<Credentials> identity(String connection) {
        return identities.computeIfAbsent(connection, unknown -> switch (connection) {
            case ROOT -> CompletableFuture.completedFuture(user(0));
            case EVE, ALSO_EVE -> CompletableFuture.completedFuture(user(1000));
            case BOB -> CompletableFuture.completedFuture(user(1001));
            default -> new CompletableFuture<>();
        });
    }

    private static Credentials user(long uid) {
        return new Credentials(uid, Set.of());
    }

    private static String name(IncomingMessage call) {
        return call.sender().orElseThrow() + " " + call.serial();
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
        assertThat(passed).containsExactlyElementsOf(names(EVE, 800));
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
        assertThat(refused).isEmpty();
        assertNothingWaits();
    }

    @Test
    void callsWaitUntilItIsKnownWhoseTheyAre() {
        call(STRANGER, 100, "");
        assertThat(passed).isEmpty();

        identities.get(STRANGER).complete(user(0));
        call(STRANGER, 1, "");

        assertThat(passed).hasSize(101).startsWith(names(STRANGER, 100).toArray(new String[0]));
        assertNothingWaits();
    }

    @Test
    void strangersAreNotToldApart() {
        for (int i = 0; i < 10; i++) {
            call(STRANGER + i, 100, "");
        }

        assertThat(refused)
                .hasSize(1000 - BusLimits.STANDARD.callsPerClient())
                .allMatch(each -> each.endsWith("too many unfinished calls of this client"));
        identities.forEach((stranger, identity) -> identity.complete(user(1000)));
        assertThat(passed).hasSizeBetween(Pace.BURST / 2, Pace.BURST);
    }

    @Test
    void refusesWhomTheBusDoesNotKnow() throws Exception {
        call(STRANGER, 2, "");

        identities.get(STRANGER).completeExceptionally(BusError.accessDenied("unknown"));
        readingThread.take().run();

        assertThat(refused)
                .containsExactly(
                        STRANGER + " 1 the bus does not tell who calls",
                        STRANGER + " 2 the bus does not tell who calls");
        assertNothingWaits();
    }

    @Test
    void callsOfAConnectionThatHasEndedAreVoid() throws Exception {
        call(STRANGER, 10, "");
        pace.gone(STRANGER);
        identities.get(STRANGER).complete(user(1000));
        assertThat(passed).isEmpty();

        call(EVE, 600, "");
        call(ALSO_EVE, 100, "");
        pace.gone(EVE);
        int before = passed.size();
        while (passed.size() < before + 100) {
            now += 1_000_000_000L;
            readingThread.take().run();
        }

        assertThat(passed.subList(before, passed.size())).containsExactlyElementsOf(names(ALSO_EVE, 100));
        assertNothingWaits();
    }

    @Test
    void whoComesAndGoesMakesTheAgentAskNoMoreOften() throws Exception {
        call(ALSO_EVE, 600, "");
        pace.gone(ALSO_EVE);
        for (int i = 0; i < 20; i++) {
            call(EVE, 5, "");
            pace.gone(EVE);
        }
        call(EVE, 5, "");

        readingThread.take().run();

        assertThat(readingThread.poll(5 * 10, TimeUnit.MILLISECONDS)).isNotNull();
        assertThat(readingThread.poll(5 * 10, TimeUnit.MILLISECONDS)).isNull();
    }

    @Test
    void whoHasNoRoomBecauseOfOthersIsTold() {
        for (int i = 0; i < 4; i++) {
            String user = ":2." + i;
            identities.put(user, CompletableFuture.completedFuture(user(2000 + i)));
            call(user, 1100, "");
        }

        call(EVE, 600, "");

        assertThat(refused)
                .isNotEmpty()
                .allMatch(each -> each.startsWith(EVE) && each.endsWith("too many unfinished calls"));
    }

    @Test
    void whoIsBeyondHisPaceIsNotWorthAllocatingFor() {
        assertThat(isToBeRead(EVE)).isTrue();
        call(ALSO_EVE, 1, "");
        call(EVE, 3, "x".repeat(900_000));

        assertThat(isToBeRead(EVE)).isFalse();
        assertThat(isToBeRead(ALSO_EVE)).isFalse();
        assertThat(isToBeRead(BOB)).isTrue();
        assertThat(isToBeRead(ROOT)).isTrue();
        assertThat(isToBeRead(STRANGER)).isTrue();
        pace.gone(EVE);
        now += 1_000_000_000L;
        assertThat(isToBeRead(ALSO_EVE)).isTrue();
    }

    private boolean isToBeRead(String sender) {
        byte[] bytes = FakeMessages.message(sender, (byte) 0, 9, "/a", "a.b", "M", "s", "x");
        return pace.isToBeRead(FakeMessages.frame(bytes));
    }

    private void assertNothingWaits() {
        for (int i = 0; i < BusLimits.STANDARD.calls(); i++) {
            waiting.enter("client " + i, 1);
        }
    }

    private static List<String> names(String sender, int count) {
        return IntStream.rangeClosed(1, count).mapToObj(i -> sender + " " + i).toList();
    }

    private void call(String sender, int count, String text) {
        for (int i = 1; i <= count; i++) {
            byte[] bytes = FakeMessages.message(sender, (byte) 0, i, "/a", "a.b", "M", "s", text);
            pace.pass(IncomingMessage.decode(FakeMessages.frame(bytes)).orElseThrow());
        }
    }
}
