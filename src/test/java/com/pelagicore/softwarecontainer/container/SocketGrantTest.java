package com.pelagicore.softwarecontainer.container;

import static com.pelagicore.softwarecontainer.container.Specs.always;
import static com.pelagicore.softwarecontainer.container.Specs.readOnly;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import com.pelagicore.softwarecontainer.spec.SocketMount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SocketGrantTest {

    private static final Path INSIDE = Path.of("/gateways/socket");

    @TempDir
    private Path directory;

    private ModelHost host;
    private Container container;
    private SocketMount socket;

    @BeforeEach
    void makeContainer() throws IOException {
        host = new ModelHost(directory);
        container = new Containers(host.containerHost(), new RecordingListener()).create(Options.PLAIN.value());
        socket = new SocketMount(Files.createFile(directory.resolve("socket")), INSIDE, "FROM_HERE");
        host.calls.reset();
    }

    @Test
    void watchesBeforeItBinds() {
        grant();

        assertThat(host.calls.made())
                .containsExactly(
                        "mountAt /gateways/socket", "watch SC-0:/gateways/socket", "bindSocket /gateways/socket");
    }

    @Test
    void refusesAMissingSocketAndSaysWhereItsPathIsFrom() throws IOException {
        ModelHost.Snapshot before = host.snapshot();
        Files.delete(socket.hostPath());

        assertThatThrownBy(this::grant)
                .hasMessage("socket '" + socket.hostPath()
                        + "' does not exist on the host (is its server running?); it is from FROM_HERE")
                .extracting("kind")
                .isEqualTo(ErrorKind.NOT_FOUND);

        assertThat(host.snapshot()).isEqualTo(before);
    }

    @Test
    void refusesAPlaceWhereSomethingIsMounted() {
        container.bindMounts(Specs.unlimited(readOnly(socket.hostPath(), INSIDE.toString())));

        assertThatThrownBy(this::grant)
                .hasMessage("something is mounted at '/gateways/socket' in the container already");
    }

    @Test
    void attachesTheSocketOfAServerThatWasRestarted() throws IOException {
        grant();
        host.calls.reset();

        restartServer();

        assertThat(host.calls.made())
                .containsExactly(
                        "shows /gateways/socket", "unmountSocket /gateways/socket", "bindSocket /gateways/socket");
        assertThat(host.containerMounts.mounted()).hasSize(1);
    }

    @Test
    void leavesASocketThatIsTheSameAsBefore() {
        grant();
        host.calls.reset();

        host.watch.appear(socket.hostPath());

        assertThat(host.calls.made()).containsExactly("shows /gateways/socket");
    }

    @Test
    void attachesToASuspendedContainer() throws IOException {
        grant();
        container.suspend();
        host.calls.reset();

        restartServer();

        assertThat(host.calls.made()).contains("bindSocket /gateways/socket");
    }

    @Test
    void triesAgainWithTheNextSocketIfOneCannotBeAttached() throws IOException {
        grant();
        host.calls.fail(PortCalls.Failing.BEFORE, 3);
        restartServer();
        assertThat(host.containerMounts.mounted()).isEmpty();

        host.watch.appear(socket.hostPath());

        assertThat(host.containerMounts.mounted()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void attachesNothingToAContainerThatIsGone(boolean destroyed) throws IOException {
        grant();
        Runnable late = host.watch.callback("SC-0:/gateways/socket");
        if (destroyed) {
            container.destroy();
        } else {
            host.runtime.kill("SC-0");
        }
        host.calls.reset();
        replaceSocket();

        late.run();

        assertThat(host.calls.made()).isEmpty();
    }

    @Test
    void attachesNothingThatWasTakenBackAgain() throws IOException {
        host.calls.fail(PortCalls.Failing.AFTER, 3);
        ModelHost.Snapshot before = host.snapshot();
        assertThatThrownBy(this::grant).isInstanceOf(SoftwareContainerException.class);
        assertThat(host.snapshot()).isEqualTo(before);
        host.calls.reset();

        restartServer();

        assertThat(host.calls.made()).isEmpty();
    }

    @Test
    void endsTheWatchAndTheMountWithTheContainer() {
        grant();
        assertThat(host.watch.names()).containsExactly("SC-0:/gateways/socket");

        container.destroy();

        assertThat(host.watch.names()).isEmpty();
        assertThat(host.containerMounts.mounted()).isEmpty();
    }

    private void grant() {
        container.grant(Set.of("sound"), always(socket));
    }

    private void restartServer() throws IOException {
        replaceSocket();
        host.watch.appear(socket.hostPath());
    }

    /** By another inode: the old one is kept, as a mount would. */
    private void replaceSocket() throws IOException {
        Files.move(socket.hostPath(), directory.resolve("old"));
        Files.createFile(socket.hostPath());
    }
}
