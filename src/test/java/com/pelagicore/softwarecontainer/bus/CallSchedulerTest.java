package com.pelagicore.softwarecontainer.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
    void limitsUnfinishedCallsOfASender() {
        for (int i = 0; i < 4; i++) {
            add("flood", "7", "flood");
        }

        assertThatThrownBy(() -> add("flood", "8", "fifth"))
                .isInstanceOf(BusError.class)
                .hasMessage("too many unfinished calls of this client");
        add("alice", "", "alice");
        end(begin());
        add("flood", "8", "fifth");
    }

    @Test
    void limitsUnfinishedCallsOfAllSenders() {
        for (int i = 0; i < 6; i++) {
            add("client " + i, "", "call");
        }

        assertThatThrownBy(() -> add("alice", "", "seventh")).hasMessage("too many unfinished calls");
    }

    @Test
    void limitsBytesOfUnfinishedCalls() {
        scheduler.add(scheduler.enter("flood", 3000), Optional.empty(), CallSchedulerTest::nothing);

        assertThatThrownBy(() -> scheduler.enter("flood", 1)).hasMessage("too many unfinished calls of this client");
        assertThatThrownBy(() -> scheduler.enter("alice", 2001)).hasMessage("too many unfinished calls");
        scheduler.leave(scheduler.enter("alice", 2000));
        end(begin());
        scheduler.enter("flood", 3000);
    }

    @Test
    void aCallCountsForWhomItIsMovedTo() {
        CallScheduler.Ticket ticket = scheduler.enter("unknown", 3000);
        scheduler.enter("alice", 1500);

        assertThatThrownBy(() -> scheduler.move(ticket, "alice"))
                .hasMessage("too many unfinished calls of this client");
        assertThatThrownBy(() -> scheduler.enter("unknown", 1)).hasMessage("too many unfinished calls of this client");
        scheduler.move(ticket, "bob");
        scheduler.enter("unknown", 500);
        assertThatThrownBy(() -> scheduler.enter("bob", 1)).hasMessage("too many unfinished calls of this client");
        scheduler.leave(ticket);
        scheduler.enter("bob", 3000);
    }

    @Test
    void aCallThatHasRunButIsNotAnsweredTakesNoThreadAndNoLaneButCounts() {
        add("alice", "7", "first");
        add("alice", "7", "second");
        Task first = begin();

        scheduler.ran(first);

        begin();
        assertThat(ran).containsExactly("first", "second");
        add("alice", "", "third");
        add("alice", "", "fourth");
        assertThatThrownBy(() -> add("alice", "", "fifth")).hasMessageContaining("of this client");
        scheduler.answered(first);
        add("alice", "", "fifth");
    }

    private void add(String sender, String lane, String name) {
        Optional<Object> key = Optional.<Object>of(lane).filter(some -> !some.equals(""));
        scheduler.add(scheduler.enter(sender, 1), key, () -> {
            ran.add(name);
            return nothing();
        });
    }

    private static CompletionStage<?> nothing() {
        return CompletableFuture.completedStage(true);
    }

    private void end(Task task) {
        scheduler.ran(task);
        scheduler.answered(task);
    }

    private Task begin() {
        Task task = scheduler.next().orElseThrow();
        task.run();
        return task;
    }
}
