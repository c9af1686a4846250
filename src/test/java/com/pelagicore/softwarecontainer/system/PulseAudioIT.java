package com.pelagicore.softwarecontainer.system;

import static com.pelagicore.softwarecontainer.system.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sound of an application in a container, heard outside. */
@SystemTest
final class PulseAudioIT {

    private static final int TONE = 440;

    @TempDir
    private Path directory;

    private SoundServer server;
    private Path sounds;

    @BeforeEach
    void startServers(LiveAgent agent) throws IOException {
        server = new SoundServer(Files.createDirectory(directory.resolve("server")));
        sounds = Files.createDirectory(directory.resolve("sounds"));
        Tone.write(sounds.resolve("tone.wav"), TONE, 2);
        Files.writeString(
                directory.resolve("manifest.json"),
                """
                {"capabilities": [
                  {"name": "sound", "gateways": [{"id": "pulseaudio", "config": [{"audio": true}]}]},
                  {"name": "silence", "gateways": [{"id": "pulseaudio", "config": [{"audio": false}]}]},
                  {"name": "player", "gateways": [{"id": "file", "config": [
                    {"path-host": "%s", "path-container": "/opt/sounds"}]}]}
                ]}
                """
                        .formatted(sounds));
        agent.stop();
        agent.configure("pulse-socket", server.socket().toString());
        agent.configure(
                "pulse-cookie",
                Files.writeString(directory.resolve("cookie"), "secret").toString());
        agent.start("-m", directory.resolve("manifest.json").toString());
    }

    @AfterEach
    void stopServers(LiveAgent agent) {
        agent.stop();
        server.close();
    }

    @Test
    void playsATone(LiveAgent agent) {
        try (AgentClient client = agent.connect()) {
            int id = client.create();
            client.setCapabilities(id, "sound", "player");

            assertThat(server.frequencyHeard(() -> play(client, id))).isCloseTo(TONE, within(5.0));

            assertThat(client.shell(id, "echo $PULSE_SERVER; cat $PULSE_COOKIE"))
                    .isEqualTo("unix:/gateways/pulse_socket\nsecret");
            assertThat(client.shell(id, "echo x 2>&1 > $PULSE_COOKIE || true")).contains("Read-only");
        }
    }

    @Test
    void playsAgainWhenTheServerWasRestartedAlsoWhileTheContainerWasSuspended(LiveAgent agent) {
        try (AgentClient client = agent.connect()) {
            int id = client.create();
            client.setCapabilities(id, "sound", "player");

            server.restart();
            awaitSocket(client, id);
            assertThat(server.frequencyHeard(() -> play(client, id))).isCloseTo(TONE, within(5.0));

            client.suspend(id);
            server.restart();
            client.resume(id);
            awaitSocket(client, id);
            assertThat(server.frequencyHeard(() -> play(client, id))).isCloseTo(TONE, within(5.0));
            assertThat(client.shell(id, "grep -c /gateways/pulse_socket /proc/mounts"))
                    .isEqualTo("1");
        }
    }

    @Test
    void staysSilentUntilSoundIsGrantedAsWell(LiveAgent agent) {
        try (AgentClient client = agent.connect()) {
            int id = client.create();

            client.setCapabilities(id, "silence");
            assertThat(client.shell(id, "echo $PULSE_SERVER; ls /gateways")).doesNotContain("pulse");

            client.setCapabilities(id, "sound");
            assertThat(client.shell(id, "test -S /gateways/pulse_socket && echo $PULSE_SERVER"))
                    .isEqualTo("unix:/gateways/pulse_socket");
        }
    }

    @Test
    void refusesTheGrantWithoutAServerAndLeavesNothing(LiveAgent agent) {
        server.close();
        try (AgentClient client = agent.connect()) {
            int id = client.create();

            assertRefused(() -> client.setCapabilities(id, "sound"))
                    .contains("'" + server.socket() + "' does not exist on the host")
                    .contains("'pulse-socket' of the configuration");

            assertThat(client.shell(id, "echo $PULSE_SERVER; ls /gateways")).doesNotContain("pulse");
        } finally {
            server.restart();
        }
    }

    private static void play(AgentClient client, int id) {
        client.shell(id, "/usr/bin/paplay /opt/sounds/tone.wav");
    }

    /** The socket in the container is that of the server which runs now. */
    private void awaitSocket(AgentClient client, int id) {
        String inode =
                Programs.run("stat", "-c", "%i", server.socket().toString()).trim();
        Deadlines.await(
                () -> client.shell(id, "stat -c %i /gateways/pulse_socket").equals(inode));
    }
}
