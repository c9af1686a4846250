package com.pelagicore.softwarecontainer.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinuxFileWatchIT {

    private static final long PATIENCE_SECONDS = 10;

    @TempDir
    Path directory;

    private final LinuxFileWatch watch = new LinuxFileWatch();
    private final Semaphore appeared = new Semaphore(0);

    @Test
    void tellsOfEachFileThatAppears() throws IOException {
        Path file = directory.resolve("file");
        watch.watch("a", file, appeared::release);

        for (int i = 0; i < 3; i++) {
            Files.createFile(file);
            assertAppeared();
            Files.delete(file);
        }
    }

    @Test
    void tellsOfAFileThatIsRenamedOverAnother() throws IOException {
        Path file = Files.createFile(directory.resolve("file"));
        watch.watch("a", file, appeared::release);

        Files.move(Files.createFile(directory.resolve("new")), file, StandardCopyOption.REPLACE_EXISTING);

        assertAppeared();
    }

    @Test
    void tellsOfAFileInDirectoriesThatAreMadeLater() throws IOException {
        Path file = directory.resolve("a/b/c/file");
        watch.watch("a", file, appeared::release);

        Files.createDirectories(file.getParent());
        Files.createFile(file);

        assertAppeared();
    }

    @Test
    void tellsOfAFileWhoseDirectoryWentAndCameBackThoughAMountKeepsTheOldFile() throws IOException {
        Path parent = Files.createDirectory(directory.resolve("run"));
        Path file = Files.createFile(parent.resolve("file"));
        watch.watch("a", file, appeared::release);
        try (Descriptor kept = DetachedMount.ofTree(file)) {
            assertThat(kept.number()).isPositive();
            Files.delete(file);
            Files.delete(parent);

            Files.createDirectory(parent);
            Files.createFile(file);

            assertAppeared();
        }
    }

    @Test
    void tellsOfAFileInAFileSystemThatIsMountedLater() throws IOException {
        Path parent = Files.createDirectory(directory.resolve("run"));
        Path file = parent.resolve("sub/file");
        watch.watch("a", file, appeared::release);
        LinuxMounts mounts = new LinuxMounts(new UserNamespaces());

        mounts.tmpfs(parent, 1 << 20);
        try {
            Files.createDirectory(file.getParent());
            Files.createFile(file);

            assertAppeared();
        } finally {
            mounts.unmount(parent);
        }
    }

    @Test
    void tellsEverybodyWhoWatchesAPathAndNobodyWhoHasEnded() throws IOException, InterruptedException {
        Path file = directory.resolve("file");
        Semaphore other = new Semaphore(0);
        Semaphore ended = new Semaphore(0);
        watch.watch("a", file, appeared::release);
        watch.watch("b", file, other::release);
        watch.watch("c", file, ended::release);
        watch.unwatch("c");
        watch.unwatch("no such");

        Files.createFile(file);

        assertAppeared();
        assertThat(other.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(ended.availablePermits()).isZero();
    }

    @Test
    void saysNothingOfOtherFiles() throws IOException {
        Path file = directory.resolve("file");
        Semaphore other = new Semaphore(0);
        watch.watch("a", file, other::release);
        watch.watch("b", directory.resolve("last"), appeared::release);

        Files.createFile(directory.resolve("file-2"));
        Files.createFile(directory.resolve("last"));

        assertAppeared();
        assertThat(other.availablePermits()).isZero();
    }

    @Test
    void goesOnWhenTheLastWatchOfADirectoryEndedAndAnotherBegins() throws IOException {
        Path file = directory.resolve("file");
        for (int i = 0; i < 3; i++) {
            watch.watch("a", file, appeared::release);
            Files.createFile(file);
            assertAppeared();
            watch.unwatch("a");
            Files.delete(file);
        }
    }

    private void assertAppeared() {
        try {
            assertThat(appeared.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
