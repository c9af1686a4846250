package com.pelagicore.softwarecontainer.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.pelagicore.softwarecontainer.bus.CallBudget.Ticket;
import org.junit.jupiter.api.Test;

class CallBudgetTest {

    private static final String OF_CLIENT = "too many unfinished calls of this client";
    private static final String OF_ALL = "too many unfinished calls";

    /** 6 calls, 4 of one client, 5000 bytes, 3000 of one client. */
    private final CallBudget budget = new CallBudget(new BusLimits(1024, 6, 4, 5000, 3000, 3, 2));

    @Test
    void limitsCallsOfAClient() {
        Ticket first = budget.enter("flood", 1);
        for (int i = 1; i < 4; i++) {
            budget.enter("flood", 1);
        }

        assertThatThrownBy(() -> budget.enter("flood", 1))
                .isInstanceOf(BusError.class)
                .hasMessage(OF_CLIENT);
        assertThat(budget.hasRoom("flood", 1)).isFalse();
        budget.enter("alice", 1);
        budget.leave(first);
        budget.enter("flood", 1);
    }

    @Test
    void limitsCallsOfAll() {
        for (int i = 0; i < 6; i++) {
            budget.enter("client " + i, 1);
        }

        assertThatThrownBy(() -> budget.enter("alice", 1)).hasMessage(OF_ALL);
        assertThat(budget.hasRoom("alice", 1)).isTrue();
    }

    @Test
    void limitsBytes() {
        Ticket large = budget.enter("flood", 3000);

        assertThatThrownBy(() -> budget.enter("flood", 1)).hasMessage(OF_CLIENT);
        assertThatThrownBy(() -> budget.enter("alice", 2001)).hasMessage(OF_ALL);
        budget.leave(budget.enter("alice", 2000));
        budget.leave(large);
        budget.enter("flood", 3000);
    }
}
