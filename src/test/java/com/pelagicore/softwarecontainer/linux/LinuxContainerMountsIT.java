package com.pelagicore.softwarecontainer.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import com.pelagicore.softwarecontainer.process.InitProcess;
import com.pelagicore.softwarecontainer.rootfs.BufferLayers;
import com.pelagicore.softwarecontainer.spec.BindMount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinuxContainerMountsIT {

    @TempDir
    Path directory;

    private final LinuxContainerMounts mounts = new LinuxContainerMounts(false);
    private Path host;
    private Path root;
    private MountNamespace container;

    @BeforeEach
    void start() throws IOException {
        host = Files.createDirectory(directory.resolve("host"));
        root = Files.createDirectory(directory.resolve("root"));
        container = MountNamespace.start(root);
    }

    @AfterEach
    void nothingShowsInTheHostsMountTable() {
        assertThat(MountNamespace.ownMountsBelow(directory)).isEmpty();
        container.close();
        assertThat(MountNamespace.ownMountsBelow(directory)).isEmpty();
    }

    @Test
    void bindsADirectoryAndMakesItsParents() throws IOException {
        Files.writeString(host.resolve("file"), "content");

        bind(host, "/opt/app/data", false);

        assertThat(container.path("/opt/app/data/file")).hasContent("content");
        Files.writeString(container.path("/opt/app/data/new"), "from inside");
        assertThat(host.resolve("new")).hasContent("from inside");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(container.path("/opt/app"))))
                .isEqualTo("rwxr-xr-x");
    }

    @Test
    void bindsAFileOnAFileThatItMakes() throws IOException {
        Path file = Files.writeString(host.resolve("a file"), "content");

        bind(file, "/etc/deep/er/file", false);

        assertThat(container.path("/etc/deep/er/file")).hasContent("content");
        assertThat(root.resolve("etc/deep/er/file")).isEmptyFile();
    }

    @Test
    void bindsTwoTargetsWithTheSameLastName() throws IOException {
        Files.writeString(host.resolve("file"), "content");

        bind(host, "/one/data", false);
        bind(host, "/two/data", false);

        assertThat(container.path("/one/data/file")).exists();
        assertThat(container.path("/two/data/file")).exists();
    }

    @Test
    void readOnlyHolds() throws IOException {
        Files.writeString(host.resolve("file"), "content");

        bind(host, "/data", true);

        assertThatThrownBy(() -> Files.writeString(container.path("/data/file"), "x"))
                .hasMessageContaining("Read-only");
        assertThat(container.mountTable()).anyMatch(line -> line.contains(" /data ro,nosuid,nodev,"));
    }

    @Test
    void followsALinkAsTheContainerWould() throws IOException {
        Files.writeString(host.resolve("file"), "content");
        Files.createDirectories(root.resolve("etc/real"));
        Files.createSymbolicLink(root.resolve("link"), Path.of("/../../etc/real"));

        bind(host, "/link/data", false);

        assertThat(container.path("/etc/real/data/file")).hasContent("content");
        assertThat(Path.of("/etc/real").toFile()).doesNotExist();
    }

    @Test
    void refusesALinkThatLeadsNowhere() throws IOException {
        Files.createSymbolicLink(root.resolve("link"), Path.of("/nowhere"));

        assertThatThrownBy(() -> bind(host, "/link/data", false))
                .isInstanceOf(SoftwareContainerException.class)
                .hasMessage("'/link' in the container is a link that leads nowhere");
    }

    @Test
    void refusesADirectoryOnAFileAndSaysSo() throws IOException {
        Files.writeString(root.resolve("file"), "");

        assertThatThrownBy(() -> bind(host, "/file", false))
                .hasMessage("'" + host + "' is a directory, but '/file' in the container is not a directory")
                .extracting("kind")
                .isEqualTo(ErrorKind.INVALID_ARGUMENT);
    }

    @Test
    void refusesAFileAsParent() throws IOException {
        Files.writeString(root.resolve("file"), "");

        assertThatThrownBy(() -> bind(host, "/file/below", false))
                .extracting("kind")
                .isEqualTo(ErrorKind.INVALID_ARGUMENT);
    }

    @Test
    void refusesAMissingHostPathAndMakesNothing() {
        Path missing = directory.resolve("missing");

        assertThatThrownBy(() -> bind(missing, "/new/data", false))
                .hasMessage("'" + missing + "' does not exist on the host")
                .extracting("kind")
                .isEqualTo(ErrorKind.NOT_FOUND);
        assertThat(root.resolve("new")).doesNotExist();
    }

    @Test
    void removesWhatItMadeWhenAStepFails() throws IOException {
        assertThatThrownBy(() -> bind(host, "/new/sub/" + "x".repeat(300), false))
                .hasMessageContaining("ENAMETOOLONG");

        assertThat(root.resolve("new")).doesNotExist();
    }

    @Test
    void refusesAProcessThatIsGone() {
        InitProcess recycled =
                new InitProcess(container.init().pid(), container.init().startTicks() - 1);

        assertThatThrownBy(() -> mounts.bind(recycled, new BindMount(host, Path.of("/data"), false), id -> {}))
                .extracting("kind")
                .isEqualTo(ErrorKind.WRONG_STATE);
        mounts.unmount(recycled, Path.of("/proc"), 0);
        assertThat(container.path("/proc/version")).exists();
    }

    @Test
    void bindsWhatIsMountedBelowAndKeepsItFromTheHost() throws IOException {
        bind(Path.of("/dev"), "/host-dev", false);

        assertThat(container.path("/host-dev/pts/ptmx")).exists();
        assertThat(Files.newInputStream(container.path("/host-dev/zero")).read())
                .isZero();
        mounts.unmount(container.init(), Path.of("/host-dev"), 0);
    }

    @Test
    void writesAFileInsteadOfThroughALink() throws IOException {
        Path outside = Files.writeString(directory.resolve("outside"), "untouched");
        Files.createDirectories(root.resolve("etc"));
        Files.createSymbolicLink(root.resolve("etc/env"), outside);

        mounts.writeFile(container.init(), Path.of("/etc/env"), "export A='1'\n");

        assertThat(root.resolve("etc/env")).hasContent("export A='1'\n").isRegularFile();
        assertThat(Files.isSymbolicLink(root.resolve("etc/env"))).isFalse();
        assertThat(outside).hasContent("untouched");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(root.resolve("etc/env"))))
                .isEqualTo("rw-r--r--");
        assertThat(root.resolve("etc").toFile().list()).containsExactly("env");
    }

    @Test
    void keepsWhatIsWrittenToABufferedDirectoryFromTheHost() throws IOException {
        Files.writeString(host.resolve("file"), "host");
        Files.setPosixFilePermissions(host, PosixFilePermissions.fromString("rwxr-x--x"));
        Path upper = Files.createDirectory(directory.resolve("up,per:"));
        Path work = Files.createDirectory(directory.resolve("work"));

        mounts.bindBuffered(
                container.init(),
                new BindMount(host, Path.of("/data"), false),
                new BufferLayers(upper, work),
                id -> {});
        Files.writeString(container.path("/data/file"), "container");

        assertThat(container.path("/data/file")).hasContent("container");
        assertThat(host.resolve("file")).hasContent("host");
        assertThat(upper.resolve("file")).hasContent("container");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(container.path("/data"))))
                .isEqualTo("rwxr-x--x");
        assertThat(container.mountTable())
                .noneMatch(line -> line.contains(" /data ") && line.contains(directory.toString()));
    }

    @Test
    void neverMountsOutsideWhileTheContainerSwapsDirectoriesForLinks() throws Exception {
        Path outside = Files.createDirectory(directory.resolve("outside"));
        Path one = Files.createDirectory(root.resolve("one"));
        Path other = Files.createSymbolicLink(root.resolve("other"), outside);
        AtomicBoolean stop = new AtomicBoolean();
        CompletableFuture<Integer> swaps = CompletableFuture.supplyAsync(() -> swapUntil(stop, one, other));

        int bound = 0;
        try {
            for (int attempt = 0; attempt < 300; attempt++) {
                bound += bindsBelowOne(attempt) ? 1 : 0;
            }
        } finally {
            stop.set(true);
        }

        assertThat(swaps.join()).isGreaterThan(300);
        assertThat(bound).isPositive();
        assertThat(outside).isEmptyDirectory();
        assertThat(container.mountTable()).noneMatch(line -> line.contains("outside"));
    }

    /** Inside, the link to the outside leads to a path in the container that may be missing. */
    private boolean bindsBelowOne(int attempt) {
        try {
            bind(host, "/one/sub" + attempt, false);
            return true;
        } catch (SoftwareContainerException refused) {
            return false;
        }
    }

    private static int swapUntil(AtomicBoolean stop, Path one, Path other) {
        int swaps = 0;
        while (!stop.get()) {
            FileCalls.renameat2(
                    FileCalls.AT_FDCWD,
                    FileName.of(one).terminated(),
                    FileCalls.AT_FDCWD,
                    FileName.of(other).terminated(),
                    FileCalls.RENAME_EXCHANGE);
            swaps++;
        }
        return swaps;
    }

    @Test
    void bindsFromManyThreadsAtOnce() {
        List<CompletableFuture<Void>> binds = IntStream.range(0, 16)
                .mapToObj(number -> CompletableFuture.runAsync(() -> bind(host, "/many/shared/" + number, true)))
                .toList();

        binds.forEach(CompletableFuture::join);

        assertThat(container.mountTable().stream().filter(line -> line.contains(" /many/shared/")))
                .hasSize(16);
    }

    @Test
    void leavesNoDescriptorsOpen() throws IOException {
        bind(host, "/data", false);
        int before = openDescriptors();

        for (int round = 0; round < 20; round++) {
            bind(host, "/data", true);
            mounts.unmount(container.init(), Path.of("/data"), 0);
            assertThatThrownBy(() -> bind(host, "/proc/new", false)).isNotNull();
        }

        assertThat(openDescriptors()).isLessThan(before + 10);
    }

    private static int openDescriptors() {
        return Path.of("/proc/self/fd").toFile().list().length;
    }

    private void bind(Path hostPath, String containerPath, boolean readOnly) {
        mounts.bind(container.init(), new BindMount(hostPath, Path.of(containerPath), readOnly), id -> {});
    }
}
