package com.pelagicore.softwarecontainer.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sound by servers that only the agent's environment names, PulseAudio and PipeWire. */
@SystemTest
final class PulseEnvironmentIT {

    private static final int TONE = 660;

    @TempDir
    private Path directory;

    private Path sounds;

    @BeforeEach
    void writeTheTone() throws IOException {
        sounds = Files.createDirectory(directory.resolve("sounds"));
        Tone.write(sounds.resolve("tone.wav"), TONE, 2);
        Files.writeString(
                directory.resolve("manifest.json"),
                """
                {"capabilities": [
                  {"name": "player", "gateways": [
                    {"id": "pulseaudio", "config": [{"audio": true}]},
                    {"id": "file", "config": [{"path-host": "%s", "path-container": "/opt/sounds"}]}]}
                ]}
                """
                        .formatted(sounds));
    }

    @AfterEach
    void forgetTheServer(LiveAgent agent) {
        agent.stop();
        agent.withoutVariables();
    }

    @ParameterizedTest
    @CsvSource({
        "PULSE_SERVER, unix:%s/pulse/native",
        "PULSE_SERVER, %s/pulse/native",
        "XDG_RUNTIME_DIR, %s",
        "XDG_RUNTIME_DIR, %s/"
    })
    void playsOnTheServerThatTheEnvironmentNames(String variable, String value, LiveAgent agent) throws IOException {
        try (SoundServer server = new SoundServer(Files.createDirectory(directory.resolve("server")))) {
            start(agent, variable, value.formatted(server.runtimeDirectory()));
            try (AgentClient client = agent.connect()) {
                int id = granted(client);

                assertThat(server.frequencyHeard(() -> play(client, id))).isCloseTo(TONE, within(5.0));
            }
            agent.stop();
        }
    }

    @Test
    void playsOnPipeWire(LiveAgent agent) throws IOException {
        try (PipeWireServer server = new PipeWireServer(Files.createDirectory(directory.resolve("server")))) {
            start(agent, "XDG_RUNTIME_DIR", server.runtimeDirectory().toString());
            try (AgentClient client = agent.connect()) {
                int id = granted(client);

                assertThat(server.frequencyHeard(() -> play(client, id))).isCloseTo(TONE, within(5.0));
                assertThat(client.shell(id, "/usr/bin/pactl info")).contains("on PipeWire");
            }
            agent.stop();
        }
    }

    @Test
    void passesTheCookieOfTheEnvironmentOn(LiveAgent agent) throws IOException {
        try (SoundServer server = new SoundServer(Files.createDirectory(directory.resolve("server")))) {
            Path cookie = Files.writeString(directory.resolve("cookie"), "secret");
            agent.variable("PULSE_COOKIE", cookie.toString());
            start(agent, "PULSE_SERVER", server.socket().toString());
            try (AgentClient client = agent.connect()) {
                assertThat(client.shell(granted(client), "cat $PULSE_COOKIE")).isEqualTo("secret");
            }
            agent.stop();
        }
    }

    private void start(LiveAgent agent, String variable, String value) {
        agent.stop();
        agent.variable(variable, value);
        agent.start("-m", directory.resolve("manifest.json").toString());
    }

    private static int granted(AgentClient client) {
        int id = client.create();
        client.setCapabilities(id, "player");
        return id;
    }

    private static void play(AgentClient client, int id) {
        client.shell(id, "/usr/bin/paplay /opt/sounds/tone.wav");
    }
}
