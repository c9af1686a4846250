package com.pelagicore.softwarecontainer.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.spec.BindMount;
import com.pelagicore.softwarecontainer.spec.SocketMount;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mounts are taken away again, and no others. */
class DetachmentIT {

    private static final Path PLACE = Path.of("/data");
    private static final long UNKNOWN = 0;

    @TempDir
    private Path directory;

    private final LinuxContainerMounts mounts = new LinuxContainerMounts(false);
    private Path host;
    private Path root;
    private MountNamespace container;

    @BeforeEach
    void start() throws IOException {
        host = Files.createDirectory(directory.resolve("host"));
        Files.writeString(host.resolve("file"), "content");
        root = Files.createDirectory(directory.resolve("root"));
        container = MountNamespace.start(root);
    }

    @AfterEach
    void end() {
        container.close();
    }

    @Test
    void takesStackedMountsAwayOneByOne() throws IOException {
        Path second = Files.createDirectory(directory.resolve("second"));
        Files.writeString(second.resolve("second-file"), "");
        long lower = bind(host, PLACE);
        long upper = bind(second, PLACE);

        assertThat(mounts.mountAt(container.init(), PLACE)).hasValue(upper);
        assertThat(container.path("/data/second-file")).exists();
        mounts.unmount(container.init(), PLACE, upper);
        assertThat(container.path("/data/file")).exists();
        assertThat(mounts.mountAt(container.init(), PLACE)).hasValue(lower);
        mounts.unmount(container.init(), PLACE, lower);
        assertThat(container.path("/data/file")).doesNotExist();
        mounts.unmount(container.init(), PLACE, lower);
    }

    @Test
    void sparesAMountThatALinkLeadsTo() throws IOException {
        long id = bind(host, Path.of("/way/data"));
        Files.move(root.resolve("way"), root.resolve("elsewhere"));
        Files.createDirectory(root.resolve("way"));
        Files.createSymbolicLink(root.resolve("way/data"), Path.of("/proc"));

        assertThatThrownBy(() -> mounts.unmount(container.init(), Path.of("/way/data"), id))
                .hasMessageContaining("'/way/data' in the container leads to another mount")
                .extracting("kind")
                .isEqualTo(ErrorKind.ALREADY_EXISTS);
        mounts.unmount(container.init(), Path.of("/way/data"), UNKNOWN);

        assertThat(container.path("/proc/version")).exists();
        assertThat(container.path("/elsewhere/data/file")).exists();
    }

    @Test
    void takesAMountWithoutAKnownIdAwayFromItsOwnPathOnly() throws IOException {
        bind(host, PLACE);
        Files.createSymbolicLink(root.resolve("link"), Path.of("/"));

        mounts.unmount(container.init(), Path.of("/link/data"), UNKNOWN);
        assertThat(container.path("/data/file")).exists();
        assertThatThrownBy(() -> mounts.unmount(container.init(), Path.of("/x/../proc"), UNKNOWN))
                .hasMessageContaining("leads to another mount");
        mounts.unmount(container.init(), PLACE, UNKNOWN);

        assertThat(container.path("/data/file")).doesNotExist();
    }

    @Test
    void takesOnlySocketsForSockets() throws IOException {
        bind(host, PLACE);
        Path socket = directory.resolve("socket");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            mounts.bindSocket(container.init(), new SocketMount(socket, Path.of("/socket"), "test"), id -> {});
        }

        assertThatThrownBy(() -> mounts.unmountSocket(container.init(), PLACE))
                .extracting("kind")
                .isEqualTo(ErrorKind.ALREADY_EXISTS);
        mounts.unmountSocket(container.init(), Path.of("/socket"));

        assertThat(container.path("/data/file")).exists();
        assertThat(mounts.mountAt(container.init(), Path.of("/socket"))).isEmpty();
    }

    @Test
    void mountsNothingIfTheIdIsRefused() {
        BindMount mount = new BindMount(host, PLACE, false);

        assertThatThrownBy(() -> mounts.bind(container.init(), mount, id -> {
                    throw new IllegalStateException("the disk is full");
                }))
                .hasMessage("the disk is full");

        assertThat(container.path("/data")).doesNotExist();
    }

    private long bind(Path hostPath, Path containerPath) {
        AtomicLong id = new AtomicLong();
        mounts.bind(container.init(), new BindMount(hostPath, containerPath, false), id::set);
        return id.get();
    }
}
