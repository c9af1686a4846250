package com.pelagicore.softwarecontainer.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RuleWatchTest {

    private final List<Runnable> events = new ArrayList<>();

    @Test
    void looksAgainWithoutAnotherEventUntilItWentWell() throws InterruptedException {
        CountDownLatch looks = new CountDownLatch(3);
        RuleWatch watch = new RuleWatch(events::add, () -> {
            looks.countDown();
            if (looks.getCount() > 0) {
                throw new SoftwareContainerException(ErrorKind.HOST_REFUSED, "nft was refused");
            }
        });
        watch.start();

        events.get(0).run();

        assertThat(looks.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void listensOnce() {
        RuleWatch watch = new RuleWatch(events::add, () -> {});

        watch.start();
        watch.start();

        assertThat(events).hasSize(1);
    }

    @Test
    void triesToListenAgainIfThatWasRefused() {
        RuleWatch watch = new RuleWatch(
                changed -> {
                    events.add(changed);
                    throw new IllegalStateException("no socket");
                },
                () -> {});

        assertThatThrownBy(watch::start).hasMessage("no socket");
        assertThatThrownBy(watch::start).hasMessage("no socket");
        assertThat(events).hasSize(2);
    }
}
