package com.pelagicore.softwarecontainer.system;

import static com.pelagicore.softwarecontainer.system.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.pelagicore.softwarecontainer.system.AgentClient.Execution;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The window of an application in a container, seen outside. */
@SystemTest
final class WaylandIT {

    /** That of weston-simple-shm: 250 x 250. */
    private static final long WINDOW_PIXELS = 62_500;

    @TempDir
    private Path directory;

    private WaylandCompositor compositor;

    @BeforeEach
    void startServers(LiveAgent agent) throws IOException {
        compositor = new WaylandCompositor(Files.createDirectory(directory.resolve("weston")));
        Files.writeString(
                directory.resolve("manifest.json"),
                """
                {"capabilities": [
                  {"name": "window", "gateways": [{"id": "wayland", "config": [{"enabled": true}]}]}]}
                """);
        agent.stop();
        agent.configure("wayland-socket", compositor.socket().toString());
        agent.start("-m", directory.resolve("manifest.json").toString());
    }

    @AfterEach
    void stopServers(LiveAgent agent) {
        agent.stop();
        agent.withoutVariables();
        compositor.close();
    }

    @Test
    void showsAWindowAgainWhenTheCompositorWasRestarted(LiveAgent agent) {
        try (AgentClient client = agent.connect()) {
            int id = client.create();
            client.setCapabilities(id, "window");
            assertThat(client.shell(id, "echo $XDG_RUNTIME_DIR $WAYLAND_DISPLAY"))
                    .isEqualTo("/gateways wayland-lab");
            assertThat(WaylandCompositor.drawn(compositor.picture())).isZero();

            Execution first = client.execute(id, "/usr/bin/weston-simple-shm");
            awaitWindow();

            compositor.restart();
            first.status();
            awaitSocket(client, id);
            assertThat(WaylandCompositor.drawn(compositor.picture())).isZero();
            client.execute(id, "/usr/bin/weston-simple-shm");
            awaitWindow();
        }
    }

    @Test
    void refusesTheGrantWithoutACompositor(LiveAgent agent) {
        compositor.close();
        try (AgentClient client = agent.connect()) {
            int id = client.create();

            assertRefused(() -> client.setCapabilities(id, "window"))
                    .contains("'" + compositor.socket() + "' does not exist on the host")
                    .contains("'wayland-socket' of the configuration");
        } finally {
            compositor.restart();
        }
    }

    @ParameterizedTest
    @CsvSource({"%s/wayland-lab, ''", "wayland-lab, %s"})
    void showsAWindowOfTheCompositorThatTheEnvironmentNames(String display, String directoryName, LiveAgent agent) {
        Path runtimeDirectory = compositor.socket().getParent();
        agent.stop();
        agent.withoutConfiguration("wayland-socket");
        agent.variable("WAYLAND_DISPLAY", display.formatted(runtimeDirectory));
        agent.variable("XDG_RUNTIME_DIR", directoryName.formatted(runtimeDirectory));
        agent.start("-m", directory.resolve("manifest.json").toString());
        try (AgentClient client = agent.connect()) {
            int id = client.create();
            client.setCapabilities(id, "window");

            client.execute(id, "/usr/bin/weston-simple-shm");

            awaitWindow();
        }
    }

    private void awaitWindow() {
        Deadlines.await(() -> {
            long drawn = WaylandCompositor.drawn(compositor.picture());
            // of the pattern, a few pixels may have the colour of the background by chance
            return drawn > WINDOW_PIXELS * 9 / 10 && drawn <= WINDOW_PIXELS;
        });
    }

    /** The socket in the container is that of the compositor which runs now. */
    private void awaitSocket(AgentClient client, int id) {
        String inode =
                Programs.run("stat", "-c", "%i", compositor.socket().toString()).trim();
        Deadlines.await(
                () -> client.shell(id, "stat -c %i /gateways/wayland-lab").equals(inode));
    }
}
