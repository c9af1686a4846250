package com.pelagicore.softwarecontainer.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RestartDelayTest {

    private final RestartDelay delay = new RestartDelay();
    private long now = 7;

    @Test
    void isNothingAtFirstAndGrowsToAMinute() {
        List<Long> seconds = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            seconds.add(endAfter(Duration.ofSeconds(1)));
        }

        assertThat(seconds).containsExactly(0L, 1L, 2L, 4L, 8L, 16L, 32L, 60L, 60L, 60L);
    }

    @Test
    void isNothingAgainForAProgramThatRanForLong() {
        for (int i = 0; i < 10; i++) {
            endAfter(Duration.ofSeconds(1));
        }

        assertThat(endAfter(Duration.ofSeconds(121))).isZero();
        assertThat(endAfter(Duration.ofSeconds(1))).isOne();
    }

    @Test
    void doesNotTakeItsOwnDelayForTimeThatTheProgramRan() {
        for (int i = 0; i < 10; i++) {
            endAfter(Duration.ofSeconds(1));
        }

        assertThat(endAfter(Duration.ofSeconds(119))).isEqualTo(60);
    }

    private long endAfter(Duration time) {
        now += time.toNanos();
        return delay.afterEnd(now).toSeconds();
    }
}
