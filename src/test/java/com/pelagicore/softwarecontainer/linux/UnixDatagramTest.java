package com.pelagicore.softwarecontainer.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnixDatagramTest {

    @TempDir
    Path directory;

    @Test
    void reachesAPath() {
        Path path = directory.resolve("socket");

        try (DatagramReceiver receiver = DatagramReceiver.at(path)) {
            UnixDatagram.to(path.toString()).send(bytes("READY=1"));

            assertThat(receiver.text()).isEqualTo("READY=1");
        }
    }

    @Test
    void reachesAnAbstractName() {
        String name = "softwarecontainer-test-" + ProcessHandle.current().pid();

        try (DatagramReceiver receiver = DatagramReceiver.atAbstract(name)) {
            UnixDatagram.to("@" + name).send(bytes("READY=1"));

            assertThat(receiver.text()).isEqualTo("READY=1");
        }
    }

    @Test
    void reachesAReceiverThatCameAnew() throws Exception {
        Path path = directory.resolve("socket");
        DatagramReceiver.at(path).close();
        UnixDatagram datagram = UnixDatagram.to(path.toString());

        assertThatThrownBy(() -> datagram.send(bytes("lost")))
                .isInstanceOf(SoftwareContainerException.class)
                .hasMessage("sendto(" + path + "): ECONNREFUSED");
        Files.delete(path);
        try (DatagramReceiver receiver = DatagramReceiver.at(path)) {
            datagram.send(bytes("kept"));

            assertThat(receiver.text()).isEqualTo("kept");
        }
    }

    @Test
    void sendsAsMuchAsALongStackTrace() {
        Path path = directory.resolve("socket");
        String text = "x".repeat(150_000);

        try (DatagramReceiver receiver = DatagramReceiver.at(path)) {
            UnixDatagram.to(path.toString()).send(bytes(text));

            assertThat(receiver.text()).isEqualTo(text);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "@", "relative", "vsock:2:1"})
    void refusesWhatIsNoAddress(String name) {
        assertThatThrownBy(() -> UnixDatagram.to(name))
                .hasMessage("'" + name + "' is neither an absolute path nor '@' and a name, of at most 107 bytes");
        assertThatThrownBy(() -> UnixDatagram.to("/" + "x".repeat(107))).hasMessageContaining("at most 107 bytes");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
