package com.pelagicore.softwarecontainer.supervision;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WatchdogTest {

    private static final Duration INTERVAL = Duration.ofMillis(40);

    private final RecordingTarget manager = new RecordingTarget();
    private Optional<Watchdog> watchdog = Optional.empty();

    @AfterEach
    void close() {
        watchdog.ifPresent(Watchdog::close);
    }

    @Test
    void givesSignsOfLifeAsLongAsTheAgentWorks() {
        start(patience -> patience.equals(INTERVAL.dividedBy(2)));

        for (int i = 0; i < 3; i++) {
            assertThat(manager.text()).isEqualTo("WATCHDOG=1");
        }
    }

    @Test
    void givesNoneWhileTheAgentDoesNotWork() throws InterruptedException {
        BlockingQueue<Boolean> looks = new LinkedBlockingQueue<>();
        start(patience -> {
            looks.add(true);
            return false;
        });

        for (int i = 0; i < 3; i++) {
            assertThat(looks.poll(10, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(manager.isEmpty()).isTrue();
    }

    @Test
    void goesOnWhenTheAgentWorksAgain() {
        BlockingQueue<Boolean> answers = new LinkedBlockingQueue<>(List.of(false, false, true));

        start(patience -> Boolean.TRUE.equals(answers.poll()));

        assertThat(manager.text()).isEqualTo("WATCHDOG=1");
    }

    @Test
    void takesTheIntervalFromTheEnvironment() {
        assertThat(Watchdog.interval(Map.of("WATCHDOG_USEC", "1500000"), 7)).contains(Duration.ofMillis(1500));
        assertThat(Watchdog.interval(Map.of("WATCHDOG_USEC", "1500000", "WATCHDOG_PID", "7"), 7))
                .contains(Duration.ofMillis(1500));
    }

    @Test
    void isNotMeantIfAnotherProcessIs() {
        assertThat(Watchdog.interval(Map.of("WATCHDOG_USEC", "1500000", "WATCHDOG_PID", "8"), 7))
                .isEmpty();
        assertThat(Watchdog.interval(Map.of(), 7)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "-1", "ten", "99999999999999999999"})
    void isNotWantedIfTheIntervalIsNone(String micros) {
        assertThat(Watchdog.interval(Map.of("WATCHDOG_USEC", micros), 7)).isEmpty();
    }

    private void start(Predicate<Duration> works) {
        watchdog = Optional.of(Watchdog.start(new ServiceNotifier(Optional.of(manager)), INTERVAL, works));
    }
}
