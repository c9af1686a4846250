package com.pelagicore.softwarecontainer.agent.dbus;

import static org.assertj.core.api.Assertions.assertThat;

import com.pelagicore.softwarecontainer.bus.Signal;
import com.pelagicore.softwarecontainer.container.ContainerId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProcessSignalsTest {

    private static final int ID = 7;

    private final List<Signal> sent = new ArrayList<>();
    private final ProcessSignals signals = new ProcessSignals(sent::add);

    @Test
    void losesNothingThatIsHeldIfItIsHeldAgain() {
        signals.open();

        signals.hold(ID);
        signals.processEnded(new ContainerId(ID), 5, 0, () -> {});
        signals.hold(ID);
        assertThat(sent).isEmpty();
        signals.release(ID);

        assertThat(sent).extracting(Signal::member).containsExactly("ProcessStateChanged", "ProcessExited");
    }
}
