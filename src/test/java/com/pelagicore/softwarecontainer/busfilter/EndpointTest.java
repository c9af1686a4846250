package com.pelagicore.softwarecontainer.busfilter;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EndpointTest {

    private static final int MAXIMUM = 64 * 1024;

    private final FakeEvents events = new FakeEvents();
    private final FakeSocket socket = new FakeSocket();
    private final Endpoint endpoint = new Endpoint(socket, MAXIMUM);

    @BeforeEach
    void fillTheInput() {
        endpoint.watch(events, (readable, writable) -> {});
        socket.give(new byte[4 * MAXIMUM]);
        while (endpoint.unread().remaining() < MAXIMUM + 16 * 1024) {
            keepAll();
            assertThat(endpoint.receive()).isTrue();
        }
        keepAll();
    }

    @Test
    void looksAwayFromABrokenSocketThatItCannotReadAndLaterReadsTheRest() {
        endpoint.updateInterest(events, false);

        assertThat(endpoint.receive()).isTrue();
        endpoint.updateInterest(events, false);
        assertThat(events.isWatched(socket)).as("it would be reported for ever").isFalse();
        endpoint.updateInterest(events, false);
        assertThat(events.isWatched(socket)).isFalse();

        ByteBuffer read = endpoint.unread();
        read.position(read.limit());
        endpoint.consumed();
        endpoint.updateInterest(events, true);
        assertThat(events.isWatched(socket)).isTrue();
        assertThat(endpoint.receive()).isTrue();
        assertThat(endpoint.unread().remaining()).isPositive();
    }

    @Test
    void looksAtAFullSocketAgainWhenThereIsSomethingToSend() {
        endpoint.updateInterest(events, false);
        assertThat(endpoint.receive()).isTrue();
        endpoint.updateInterest(events, false);

        endpoint.output().add(ByteBuffer.wrap(new byte[1]), List.of());
        endpoint.updateInterest(events, false);

        assertThat(events.isWatched(socket)).isTrue();
    }

    private void keepAll() {
        endpoint.consumed();
    }
}
