package com.pelagicore.softwarecontainer.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.pelagicore.softwarecontainer.bus.BusAddress;
import com.pelagicore.softwarecontainer.bus.BusConnection;
import com.pelagicore.softwarecontainer.bus.BusLimits;
import com.pelagicore.softwarecontainer.bus.NameRequest;
import com.pelagicore.softwarecontainer.bus.Signal;
import com.pelagicore.softwarecontainer.linux.BusSocket;
import com.pelagicore.softwarecontainer.system.BusMessage.Target;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Clients that never read, on a real bus with its usual limits. Attack A29 of docs/security.md: without protection,
 * dbus-daemon takes nothing more from the service once 127 MiB of what it sent are unread.
 */
@SystemTest
final class DeafClientIT {

    private static final long MEBIBYTE = 1024 * 1024;
    /** Twice what the bus takes, in answers of 8 kB. */
    private static final int CLIENTS = 4;

    private static final int CALLS_OF_EACH = 8_000;

    @Test
    void answersThatNobodyReadsStopNoOther(LiveAgent agent, AgentClient client) {
        List<DeafClient> deaf = new ArrayList<>();
        int id = client.create();
        for (int i = 0; i < CLIENTS; i++) {
            DeafClient each = new DeafClient(agent.bus().socket());
            deaf.add(each);
            each.introspect(CALLS_OF_EACH);
            assertThat(client.list()).containsExactly(id);
        }

        assertThat(client.execute(id, "/bin/true").status()).isZero();
        assertThat(unreadOf(client.bus(), AgentClient.NAME)).isLessThan(16 * MEBIBYTE);
        assertThat(agent.isRunning()).isTrue();
        deaf.forEach(DeafClient::close);
        client.destroy(id);
    }

    @Test
    void signalsThatNobodyReadsStopNoOther(@TempDir Path directory) throws Exception {
        int signals = 14_000;
        List<Object> text = List.of("x".repeat(10_000));
        Semaphore heard = new Semaphore(0);
        LinkedBlockingQueue<String> losses = new LinkedBlockingQueue<>();
        try (PrivateBus bus = new PrivateBus(directory);
                BusConnection service = BusConnection.connect(
                        BusSocket.connect(BusAddress.parse(bus.address())), BusLimits.STANDARD, losses::add);
                BusClient listener = new BusClient(bus.socket(), signal -> heard.release());
                DeafClient deaf = new DeafClient(bus.socket())) {
            assertThat(service.requestName("x.y")).isEqualTo(NameRequest.OWNED);
            service.start();
            deaf.match("type='signal',interface='x.Face'");
            listener.match("type='signal',interface='x.Face'");
            listener.call("x.y", new Target("/", "org.freedesktop.DBus.Peer", "Ping"), "");

            for (int i = 0; i < signals; i++) {
                assertThat(service.emit(new Signal("/x", "x.Face", "S", "s", text, Optional.empty())))
                        .isTrue();
                assertThat(heard.tryAcquire(Deadlines.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                        .as("signal " + i)
                        .isTrue();
            }

            assertThat(unreadOf(listener, "x.y")).isLessThan(64 * MEBIBYTE);
            assertThat(losses).isEmpty();
        }
    }

    /** Bytes of a connection that lie with the bus. */
    private static long unreadOf(BusClient client, String name) {
        Target question = new Target("/org/freedesktop/DBus", "org.freedesktop.DBus.Debug.Stats", "GetConnectionStats");
        Map<?, ?> statistics = (Map<?, ?>)
                client.call("org.freedesktop.DBus", question, "s", name).get(0);
        return ((Number) statistics.get("IncomingBytes")).longValue();
    }
}
