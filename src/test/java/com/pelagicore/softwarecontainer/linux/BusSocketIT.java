package com.pelagicore.softwarecontainer.linux;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.pelagicore.softwarecontainer.bus.BusAddress;
import com.pelagicore.softwarecontainer.bus.BusConnection;
import com.pelagicore.softwarecontainer.bus.BusLimits;
import com.pelagicore.softwarecontainer.bus.PassedFile;
import com.pelagicore.softwarecontainer.bus.PrivateBus;
import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BusSocketIT {

    @TempDir
    private Path directory;

    private ServerSocketChannel server;
    private BusSocket socket;
    private SocketChannel peer;

    @BeforeEach
    void connect() throws Exception {
        Path path = directory.resolve("peer");
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(path));
        socket = BusSocket.connect(BusAddress.parse("unix:path=" + path));
        peer = server.accept();
    }

    @AfterEach
    void disconnect() throws Exception {
        peer.close();
        socket.close();
        server.close();
    }

    @Test
    void reachesABusOnAnAbstractName() {
        try (PrivateBus bus = PrivateBus.onAbstractName(directory)) {
            assertThat(bus.address()).startsWith("unix:abstract=");
            assertThat(uniqueName(bus.address())).isEqualTo(":1.0");
        }
    }

    @Test
    void triesTheNextAddressIfNobodyListens() {
        try (PrivateBus bus = PrivateBus.onPath(directory)) {
            assertThat(uniqueName("unix:path=/nowhere;unix:abstract=nobody;" + bus.address()))
                    .isEqualTo(":1.0");
        }
    }

    @Test
    void saysWhyNoBusCanBeReached() {
        assertThatThrownBy(() -> BusSocket.connect(BusAddress.parse("unix:path=/nowhere;unix:abstract=nobody")))
                .isInstanceOf(SoftwareContainerException.class)
                .hasMessage("no bus can be reached: connect(unix:path=/nowhere): ENOENT,"
                        + " connect(unix:abstract=nobody): ECONNREFUSED");
    }

    @Test
    void givesUpAPeerThatSaysNothing() {
        socket.readTimeout(Duration.ofMillis(20));

        assertThatThrownBy(() -> socket.read(ByteBuffer.allocateDirect(10), PassedFile::close))
                .isInstanceOfSatisfying(SoftwareContainerException.class, error -> assertThat(error.kind())
                        .isEqualTo(ErrorKind.TIMED_OUT));
    }

    @Test
    void writesAllThatIsThere() throws Exception {
        int size = 5_000_000;
        ByteBuffer received = ByteBuffer.allocate(size);
        CompletableFuture<Void> reader = CompletableFuture.runAsync(() -> readFully(peer, received));

        socket.write(ByteBuffer.allocateDirect(size).put(size - 1, (byte) 9), List.of());

        reader.get(10, SECONDS);
        assertThat(received.get(size - 1)).isEqualTo((byte) 9);
    }

    @Test
    void readsWhatFitsBehindWhatIsInTheBuffer() throws Exception {
        peer.write(ByteBuffer.wrap(new byte[] {1, 2, 3}));
        ByteBuffer target = ByteBuffer.allocateDirect(3).position(1);

        assertThat(socket.read(target, PassedFile::close)).isTrue();

        assertThat(target.hasRemaining()).isFalse();
        assertThat(target.get(0)).isZero();
        assertThat(target.get(1)).isEqualTo((byte) 1);
    }

    @Test
    void closingEndsAReadThatWaits() throws Exception {
        CompletableFuture<Boolean> reading =
                CompletableFuture.supplyAsync(() -> socket.read(ByteBuffer.allocateDirect(10), PassedFile::close));

        socket.close();

        assertThat(reading.get(10, SECONDS)).isFalse();
        assertThat(peer.read(ByteBuffer.allocate(1))).isEqualTo(-1);
        assertThat(socket.read(ByteBuffer.allocateDirect(10), PassedFile::close))
                .isFalse();
        assertThatThrownBy(() -> socket.write(ByteBuffer.allocateDirect(1), List.of()))
                .hasMessageContaining("closed");
    }

    @Test
    void writingToAPeerThatHasGoneIsAnErrorAndNoSignal() throws Exception {
        peer.close();

        assertThatThrownBy(() -> socket.write(ByteBuffer.allocateDirect(1), List.of()))
                .hasMessage("send: EPIPE");
    }

    private static String uniqueName(String addresses) {
        BusSocket toBus = BusSocket.connect(BusAddress.parse(addresses));
        try (BusConnection connection = BusConnection.connect(toBus, BusLimits.STANDARD, reason -> {})) {
            return connection.uniqueName();
        }
    }

    private static void readFully(SocketChannel channel, ByteBuffer target) {
        try {
            while (target.hasRemaining() && channel.read(target) >= 0) {}
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
