package com.pelagicore.softwarecontainer.agent.dbus;

import static org.assertj.core.api.Assertions.assertThat;

import com.pelagicore.softwarecontainer.bus.BusAddress;
import com.pelagicore.softwarecontainer.bus.BusConnection;
import com.pelagicore.softwarecontainer.bus.BusLimits;
import com.pelagicore.softwarecontainer.bus.Client;
import com.pelagicore.softwarecontainer.bus.NameRequest;
import com.pelagicore.softwarecontainer.bus.PrivateBus;
import com.pelagicore.softwarecontainer.linux.BusSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The door as clients that exist see it, over a real bus. */
class LegacyDoorIT {

    private static final String NAME = LegacyDoor.BUS_NAME;
    private static final String PATH = LegacyDoor.PATH;

    private final FakeAgent agent = new FakeAgent();
    private final BlockingQueue<String> losses = new LinkedBlockingQueue<>();
    private PrivateBus bus;
    private BusConnection connection;
    private LegacySignals signals;

    @BeforeEach
    void serve(@TempDir Path directory) {
        bus = PrivateBus.onPath(directory);
        connection = BusConnection.connect(
                BusSocket.connect(BusAddress.parse(bus.address())), BusLimits.STANDARD, losses::add);
        signals = new LegacySignals(connection::emit);
        assertThat(connection.requestName(NAME)).isEqualTo(NameRequest.OWNED);
        connection.register(PATH, new LegacyDoor(agent, signals).object());
        connection.start();
    }

    @AfterEach
    void stop() {
        connection.close();
        bus.close();
    }

    @Test
    void answersBusctl() {
        assertThat(busctl("call", NAME, PATH, NAME, "List").output()).isEqualTo("ai 2 3 7\n");
    }

    @Test
    void isIntrospectedByteForByte() throws Exception {
        Client reply = dbusSend("org.freedesktop.DBus.Introspectable.Introspect");

        assertThat(reply.output()).contains(Files.readString(Path.of("dbus-interfaces", NAME + ".xml")));
    }

    private Client busctl(String... arguments) {
        return client("busctl", List.of("--address=" + bus.address()), arguments);
    }

    private Client dbusSend(String... arguments) {
        return client(
                "dbus-send",
                List.of("--bus=" + bus.address(), "--print-reply=literal", "--dest=" + NAME, PATH),
                arguments);
    }

    private static Client client(String program, List<String> before, String... arguments) {
        List<String> command = new ArrayList<>(List.of(program));
        command.addAll(before);
        command.addAll(List.of(arguments));
        return Client.run(Map.of(), command);
    }
}
