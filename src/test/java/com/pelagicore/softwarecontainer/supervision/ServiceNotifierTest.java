package com.pelagicore.softwarecontainer.supervision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ServiceNotifierTest {

    private final RecordingTarget manager = new RecordingTarget();
    private final ServiceNotifier notifier = new ServiceNotifier(Optional.of(manager));

    @Test
    void speaksTheProtocol() {
        notifier.ready("ready, 3 capabilities");
        notifier.alive();
        notifier.status("busy");
        notifier.stopping("stopping", Duration.ofMillis(61_500));

        assertThat(manager.text()).isEqualTo("READY=1\nSTATUS=ready, 3 capabilities");
        assertThat(manager.text()).isEqualTo("WATCHDOG=1");
        assertThat(manager.text()).isEqualTo("STATUS=busy");
        assertThat(manager.text()).isEqualTo("STOPPING=1\nSTATUS=stopping\nEXTEND_TIMEOUT_USEC=61500000");
    }

    @Test
    void aStatusIsOneLineWhateverIsInIt() {
        notifier.status("two problems:\r\nREADY=1\tnot");

        assertThat(manager.text()).isEqualTo("STATUS=two problems: READY=1 not");
    }

    @Test
    void doesNotMindIfNobodyListens() {
        manager.isGone = true;

        assertThatCode(() -> notifier.ready("ready")).doesNotThrowAnyException();
        assertThatCode(() -> new ServiceNotifier(Optional.empty()).alive()).doesNotThrowAnyException();
    }
}
