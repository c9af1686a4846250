package com.pelagicore.softwarecontainer.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Attack A10 of docs/security.md: links by which the agent is to take its own mounts away. */
@SystemTest
final class HostileMountsIT {

    private static final String REFUSED = "leads to another mount than the one to take away";

    @TempDir
    private Path directory;

    private Path socket;
    private ServerSocketChannel server;

    @BeforeEach
    void startServer(LiveAgent agent) throws IOException {
        socket = directory.resolve("sound");
        Files.writeString(
                directory.resolve("manifest.json"),
                """
                {"capabilities": [
                  {"name": "sound", "gateways": [{"id": "pulseaudio", "config": [{"audio": true}]}]}]}
                """);
        agent.stop();
        agent.configure("pulse-socket", socket.toString());
        agent.configure("recovery", "adopt");
        startServer();
        start(agent);
    }

    @AfterEach
    void stopServer(LiveAgent agent) throws IOException {
        agent.stop();
        server.close();
    }

    @Test
    void noLinkMakesTheAgentTakeTheCoverOfSettingsOfTheKernelAway(LiveAgent agent) throws IOException {
        int id;
        try (AgentClient client = agent.connect()) {
            id = client.create();
            client.shell(id, "rm -f /gateways/env; rmdir /gateways; mkdir /tmp/g /tmp/h; ln -s /tmp/g /gateways");
            client.setCapabilities(id, "sound");
            client.shell(id, "test -S /tmp/g/pulse_socket");
            client.shell(id, "ln -sfn /tmp/h /gateways; ln -s /proc/sys /tmp/h/pulse_socket");

            restartServer();
            awaitRefusal(agent, 0, client, id);
        }

        agent.crash();
        restartServer();
        long before = refusals(agent);
        start(agent);
        try (AgentClient client = agent.connect()) {
            awaitRefusal(agent, before, client, id);

            client.shell(id, "ln -sfn /tmp/g /gateways");
            restartServer();
            String inode = Programs.run("stat", "-c", "%i", socket.toString()).trim();
            Deadlines.await(
                    () -> client.shell(id, "stat -c %i /gateways/pulse_socket").equals(inode));
            assertThat(client.shell(id, "grep -c /tmp/g/pulse_socket /proc/mounts"))
                    .isEqualTo("1");
            client.destroy(id);
        }
    }

    private static void awaitRefusal(LiveAgent agent, long before, AgentClient client, int id) {
        Deadlines.await(() -> refusals(agent) > before || !isCovered(client, id));
        assertThat(isCovered(client, id)).isTrue();
    }

    private static boolean isCovered(AgentClient client, int id) {
        return client.shell(id, "grep -E '^[^ ]+ /proc/sys [^ ]+ ro,' /proc/mounts || true")
                .contains("/proc/sys");
    }

    private static long refusals(LiveAgent agent) {
        return agent.log().lines().filter(line -> line.contains(REFUSED)).count();
    }

    private void start(LiveAgent agent) {
        agent.start("-m", directory.resolve("manifest.json").toString());
    }

    private void restartServer() throws IOException {
        server.close();
        // the mount keeps the inode of the old one from being used again
        Files.delete(socket);
        startServer();
    }

    private void startServer() {
        try {
            server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            server.bind(UnixDomainSocketAddress.of(socket));
            Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-rw-rw-"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
