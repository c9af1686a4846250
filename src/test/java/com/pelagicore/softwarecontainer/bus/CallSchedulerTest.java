package com.pelagicore.softwarecontainer.bus;

import static org.assertj.core.api.Assertions.assertThat;

import com.pelagicore.softwarecontainer.bus.CallScheduler.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class CallSchedulerTest {

    /** 6 calls, 4 of one sender, 5000 bytes, 3000 of one sender, 3 threads, 2 for one sender. */
    private static final BusLimits LIMITS = new BusLimits(1024, 6, 4, 5000, 3000, 3, 2);

    private final CallBudget budget = new CallBudget(LIMITS);
    private final CallScheduler scheduler = new CallScheduler(LIMITS);
    private final List<String> ran = new ArrayList<>();

    @Test
    void runsCallsOfALaneOneAfterTheOtherInTheOrderOfArrival() {
        add("alice", "7", "first");
        add("bob", "7", "second");
        add("alice", "7", "third");

        Task first = begin();
        assertThat(scheduler.hasReady()).isFalse();
        end(first);
        Task second = begin();
        assertThat(scheduler.hasReady()).isFalse();
        end(second);
        end(begin());

        assertThat(ran).containsExactly("first", "second", "third");
    }

    @Test
    void runsCallsOfDifferentLanesAndWithoutLaneAtOnce() {
        add("alice", "7", "a");
        add("bob", "8", "b");
        add("carol", "", "c");
        add("dave", "", "d");

        begin();
        begin();
        begin();
        begin();

        assertThat(ran).containsExactly("a", "b", "c", "d");
    }

    @Test
    void letsSendersTakeTurns() {
        add("flood", "", "flood 1");
        add("flood", "", "flood 2");
        add("flood", "", "flood 3");
        add("flood", "", "flood 4");
        add("alice", "", "alice");

        begin();
        begin();

        assertThat(ran).containsExactly("flood 1", "alice");
    }

    @Test
    void leavesThreadsToOtherSenders() {
        add("flood", "", "flood 1");
        add("flood", "", "flood 2");
        add("flood", "", "flood 3");
        Task first = begin();
        begin();

        assertThat(scheduler.hasReady()).isFalse();
        end(first);
        begin();

        assertThat(ran).containsExactly("flood 1", "flood 2", "flood 3");
    }

    @Test
    void aCallThatHasRunTakesNoThreadAndNoLaneBeforeItIsAnswered() {
        add("alice", "7", "first");
        add("alice", "7", "second");

        scheduler.ran(begin());

        begin();
        assertThat(ran).containsExactly("first", "second");
    }

    private void add(String sender, String lane, String name) {
        Optional<Object> key = Optional.<Object>of(lane).filter(some -> !some.equals(""));
        scheduler.add(budget.enter(sender, 1), key, () -> {
            ran.add(name);
            return nothing();
        });
    }

    private static CompletionStage<?> nothing() {
        return CompletableFuture.completedStage(true);
    }

    private void end(Task task) {
        scheduler.ran(task);
        budget.leave(task.ticket());
    }

    private Task begin() {
        Task task = scheduler.next().orElseThrow();
        task.run();
        return task;
    }
}
