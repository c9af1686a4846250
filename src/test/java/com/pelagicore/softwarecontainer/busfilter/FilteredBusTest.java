package com.pelagicore.softwarecontainer.busfilter;

import static org.assertj.core.api.Assertions.assertThat;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FilteredBusTest {

    private final FakeEvents events = new FakeEvents();
    private final List<String> logged = new ArrayList<>();
    private final ScarceListener listener = new ScarceListener();
    private final FilteredBus bus = new FilteredBus(
            FakeSocket::new,
            events,
            new Policy(new Guarded(), new Rules(List.of())),
            new FilterLog("SC-0", logged::add, () -> 0));

    @Test
    void looksAwayFromClientsForAWhileIfThereAreNoDescriptorsForThem() {
        bus.listenAt(listener);
        listener.isOutOfDescriptors = true;

        assertThat(events.connect(listener)).isTrue();
        assertThat(events.connect(listener)).isFalse();

        assertThat(logged).containsExactly("SC-0: connections wait: accept4(): EMFILE");
        events.paused.clear();
        listener.isOutOfDescriptors = false;
        assertThat(events.connect(listener)).isTrue();
        bus.retire();
        assertThat(bus.isNeeded()).isTrue();
    }

    private static final class ScarceListener implements FilterListener {

        private boolean isOutOfDescriptors;

        @Override
        public Optional<FilterSocket> accept() {
            if (isOutOfDescriptors) {
                throw new SoftwareContainerException(ErrorKind.HOST_REFUSED, "accept4(): EMFILE");
            }
            return Optional.of(new FakeSocket());
        }

        @Override
        public PassedDescriptor share() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {
            // nothing to be closed
        }
    }
}
