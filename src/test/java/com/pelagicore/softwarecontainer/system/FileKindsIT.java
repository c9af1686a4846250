package com.pelagicore.softwarecontainer.system;

import static com.pelagicore.softwarecontainer.system.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.pelagicore.softwarecontainer.system.AgentClient.Execution;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each kind of file that the file gateway may be told of; the table is in docs/gateways/file.md. */
@SystemTest
final class FileKindsIT {

    @TempDir
    private Path directory;

    private AgentClient client;

    @BeforeEach
    void startAgent(LiveAgent agent) throws IOException {
        Programs.run("mkfifo", directory.resolve("fifo").toString());
        Programs.run("mknod", directory.resolve("null").toString(), "c", "1", "3");
        Files.writeString(Files.createDirectory(directory.resolve("tree")).resolve("file"), "content");
        Files.createSymbolicLink(directory.resolve("link"), Path.of("tree/file"));
        Files.createSymbolicLink(directory.resolve("dangling"), Path.of("nowhere"));
        String capabilities = String.join(
                ",",
                capability("fifo", directory + "/fifo"),
                capability("socket", directory + "/socket"),
                capability("bus", agent.bus().socket().toString()),
                capability("device", "/dev/null"),
                capability("device-elsewhere", directory + "/null"),
                capability("link", directory + "/link"),
                capability("dots", directory + "/tree/../tree/./file"),
                capability("proc", "/proc/sys/kernel/ostype"),
                capability("dangling", directory + "/dangling"),
                capability("through-a-file", directory + "/tree/file/x"));
        Path manifest =
                Files.writeString(directory.resolve("manifest.json"), "{\"capabilities\": [" + capabilities + "]}");
        agent.stop();
        agent.start("-m", manifest.toString());
        client = agent.connect();
    }

    @AfterEach
    void stopAgent(LiveAgent agent) {
        client.close();
        agent.stop();
    }

    @Test
    void passesWhatIsWrittenToAFifo() {
        int id = granted("fifo");
        Path fifo = directory.resolve("fifo");

        CompletableFuture<String> read = CompletableFuture.supplyAsync(() -> content(fifo));
        client.shell(id, "echo from inside > /opt/fifo");

        assertThat(Deadlines.get(read)).isEqualTo("from inside\n");
    }

    @Test
    void connectsToAServerBehindASocket() throws IOException {
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(directory.resolve("socket")));
            int id = granted("socket");

            CompletableFuture<Void> greeting = CompletableFuture.runAsync(() -> greetOne(server));
            String heard = client.shell(
                    id,
                    "perl -MIO::Socket::UNIX -e 'print readline(IO::Socket::UNIX->new(Peer => q(/opt/socket)) or die $!)'");

            assertThat(heard).isEqualTo("welcome");
            Deadlines.get(greeting);
        }
    }

    private static void greetOne(ServerSocketChannel server) {
        try (SocketChannel guest = server.accept()) {
            guest.write(ByteBuffer.wrap("welcome\n".getBytes(StandardCharsets.US_ASCII)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Root of a container is nobody whom the bus knows; the gateway dbus is the way. */
    @Test
    void aBusOfTheHostRefusesUsersOfAContainer() {
        int id = granted("bus");

        Execution refused = client.execute(
                id,
                "/usr/bin/busctl --address=unix:path=/opt/bus call org.freedesktop.DBus"
                        + " /org/freedesktop/DBus org.freedesktop.DBus ListNames");

        assertThat(refused.status()).isNotZero();
        assertThat(refused.output()).contains("Call failed");
    }

    @Test
    void letsADeviceBeUsedThatIsBelowTheDevicesOfTheHostAndNoOther() {
        int id = granted("device", "device-elsewhere");

        assertThat(client.shell(id, "echo x > /opt/device && echo written")).isEqualTo("written");
        Execution refused = client.execute(id, "/bin/sh -c 'echo x > /opt/device-elsewhere'");
        assertThat(refused.status()).isNotZero();
        assertThat(refused.output()).contains("Permission denied");
    }

    @Test
    void followsLinksAndDotsOnTheHost() {
        int id = granted("link", "dots");

        assertThat(client.shell(id, "cat /opt/link /opt/dots; test -L /opt/link || echo no link"))
                .isEqualTo("contentcontentno link");
    }

    @Test
    void showsTheProcOfTheHost() {
        assertThat(client.shell(granted("proc"), "cat /opt/proc")).isEqualTo("Linux");
    }

    @Test
    void refusesWhatLeadsNowhereAndNamesThePath() {
        int id = client.create();

        assertRefused(() -> client.setCapabilities(id, "dangling"))
                .contains("'" + directory + "/dangling' does not exist on the host");
        assertRefused(() -> client.setCapabilities(id, "through-a-file"))
                .contains("'" + directory + "/tree/file/x' does not exist on the host");
    }

    private int granted(String... names) {
        int id = client.create();
        client.setCapabilities(id, names);
        return id;
    }

    private static String capability(String name, String hostPath) {
        return """
        {"name": "%1$s", "gateways": [{"id": "file", "config": [
          {"path-host": "%2$s", "path-container": "/opt/%1$s", "read-only": false}]}]}
        """
                .formatted(name, hostPath);
    }

    private static String content(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
