package com.pelagicore.softwarecontainer.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TreeDeletionIT {

    @TempDir
    Path directory;

    private final LinuxTrees trees = new LinuxTrees(new UserNamespaces());
    private final LinuxMounts mounts = new LinuxMounts(new UserNamespaces());

    @Test
    void deletesATreeAndNotWhatItsLinksLeadTo() throws IOException {
        Path outside = Files.createDirectory(directory.resolve("outside"));
        Files.writeString(outside.resolve("file"), "kept");
        Path root = Files.createDirectories(directory.resolve("root/sub/sub"));
        Files.createSymbolicLink(root.resolve("directory"), outside);
        Files.createSymbolicLink(root.resolve("file"), outside.resolve("file"));
        Files.createSymbolicLink(root.resolve("dangling"), Path.of("nowhere"));

        trees.delete(directory.resolve("root"));

        assertThat(directory.resolve("root")).doesNotExist();
        assertThat(outside.resolve("file")).hasContent("kept");
    }

    @Test
    void deletesAFileAndALink() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "");
        Path link = Files.createSymbolicLink(directory.resolve("link"), directory);

        trees.delete(link);
        trees.delete(file);
        trees.delete(file);
        trees.delete(file.resolve("below/a/file"));

        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void deletesTreesDeeperThanPathsAndStacksAllow() throws Exception {
        Path root = Files.createDirectory(directory.resolve("root"));
        shell(
                "perl -e 'chdir shift; for (1..5000) { mkdir q(d); chdir q(d) or die; open F, q(>f) or die }' \"$1\"",
                root);

        trees.delete(root);

        assertThat(root).doesNotExist();
    }

    @Test
    void deletesNamesThatAreNotText() throws Exception {
        Path root = Files.createDirectory(directory.resolve("root"));
        shell(
                "cd \"$1\"; d=$(printf '\\377\\n'); mkdir \"$d.\"; : > \"$d./$(printf 'a\\376')\"; mkfifo p; : > ./-rf",
                root);

        trees.delete(root);

        assertThat(root).doesNotExist();
    }

    @Test
    void deletesMoreEntriesThanOneReadGives() throws Exception {
        Path root = Files.createDirectory(directory.resolve("root"));
        shell(
                "cd \"$1\"; seq 3000 | xargs mkdir; for i in 1 700 2900; do : > $i/file; done; seq 3001 9000 | xargs touch",
                root);

        trees.delete(root);

        assertThat(root).doesNotExist();
    }

    @Test
    void stopsAtAMountAndNamesIt() throws IOException {
        Path mounted = Files.createDirectories(directory.resolve("root/sub/mounted"));
        mounts.tmpfs(mounted, 1 << 20);
        try {
            Files.writeString(mounted.resolve("file"), "kept");

            assertThatThrownBy(() -> trees.delete(directory.resolve("root")))
                    .hasMessage("'" + mounted + "' is not deleted: something is mounted there")
                    .extracting("kind")
                    .isEqualTo(ErrorKind.HOST_REFUSED);
            assertThatThrownBy(() -> trees.delete(mounted)).hasMessageContaining("is mounted there");
            assertThat(mounted.resolve("file")).hasContent("kept");
        } finally {
            mounts.unmount(mounted);
        }
    }

    @Test
    void stopsAtABindMountOfTheSameFileSystem() throws Exception {
        Path outside = Files.createDirectory(directory.resolve("outside"));
        Files.writeString(outside.resolve("file"), "kept");
        Path mounted = Files.createDirectories(directory.resolve("root/sub/mounted"));
        Path file = Files.writeString(directory.resolve("root/file"), "");
        shell(
                "mount --bind \"$1/outside\" \"$1/root/sub/mounted\"; mount --bind /etc/hostname \"$1/root/file\"",
                directory);
        try {
            assertThatThrownBy(() -> trees.delete(directory.resolve("root"))).hasMessageContaining("is mounted there");
            assertThat(outside.resolve("file")).hasContent("kept");
        } finally {
            mounts.unmount(mounted);
            mounts.unmount(file);
        }
    }

    @Test
    void namesAFileThatTheHostKeeps() throws Exception {
        Path kept = Files.createDirectories(directory.resolve("root/sub")).resolve("kept");
        Files.writeString(kept, "");
        shell("chattr +i \"$1\"", kept);
        try {
            assertThatThrownBy(() -> trees.delete(directory.resolve("root")))
                    .hasMessage("unlinkat('" + kept + "'): EPERM");
        } finally {
            shell("chattr -i \"$1\"", kept);
        }
    }

    @Test
    void needsNoPermissions() throws IOException {
        Path closed = Files.createDirectories(directory.resolve("root/closed"));
        Files.writeString(closed.resolve("file"), "");
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("---------"));

        trees.delete(directory.resolve("root"));

        assertThat(directory.resolve("root")).doesNotExist();
    }

    private static void shell(String script, Path argument) throws Exception {
        int status = new ProcessBuilder("sh", "-ec", script, "sh", argument.toString())
                .inheritIO()
                .start()
                .waitFor();
        assertThat(status).isZero();
    }
}
