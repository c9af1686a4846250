package com.pelagicore.softwarecontainer.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.rootfs.BufferLayers;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinuxMountsIT {

    @TempDir
    Path directory;

    private final LinuxMounts mounts = new LinuxMounts(new UserNamespaces());

    @AfterEach
    void nothingStaysMounted() {
        assertThat(MountNamespace.ownMountsBelow(directory)).isEmpty();
    }

    @Test
    void limitsATmpfs() throws IOException {
        Path target = Files.createDirectory(directory.resolve("target"));

        mounts.tmpfs(target, 1 << 20);

        try {
            assertThat(Files.getFileStore(target).getTotalSpace()).isEqualTo(1 << 20);
            assertThat(MountNamespace.ownMountsBelow(target))
                    .singleElement()
                    .asString()
                    .contains("nosuid,nodev")
                    .doesNotContain("shared:");
            assertThatThrownBy(() -> Files.write(target.resolve("file"), new byte[2 << 20]))
                    .hasMessageContaining("No space left");
        } finally {
            mounts.unmount(target);
        }
    }

    @Test
    void overlaysDirectoriesWithAnyNames() throws IOException {
        Path odd = Files.createDirectory(directory.resolve("a:b,c\\d e"));
        Path deep = Files.createDirectories(odd.resolve("x".repeat(200)).resolve("y".repeat(200)));
        Path lower = Files.createDirectory(deep.resolve("lower"));
        Path upper = Files.createDirectory(deep.resolve("upper"));
        Path work = Files.createDirectory(deep.resolve("work"));
        Path target = Files.createDirectory(deep.resolve("target"));
        Files.writeString(lower.resolve("file"), "lower");

        mounts.overlay(target, lower, new BufferLayers(upper, work));

        try {
            assertThat(target.resolve("file")).hasContent("lower");
            Files.writeString(target.resolve("file"), "changed");
            assertThat(lower.resolve("file")).hasContent("lower");
            assertThat(upper.resolve("file")).hasContent("changed");
        } finally {
            mounts.unmount(target);
        }
    }

    @Test
    void unmountsAllLayersAlsoWhenTheyAreBusy() throws IOException {
        Path target = Files.createDirectory(directory.resolve("target"));
        mounts.tmpfs(target, 1 << 20);
        Files.writeString(target.resolve("file"), "content");
        InputStream busy = Files.newInputStream(target.resolve("file"));
        mounts.tmpfs(target, 1 << 20);

        mounts.unmount(target);

        assertThat(target).isEmptyDirectory();
        assertThat(busy.readAllBytes()).hasSize(7);
        busy.close();
    }

    @Test
    void unmountingWhatIsNotMountedDoesNothing() throws IOException {
        mounts.unmount(directory);
        mounts.unmount(directory.resolve("missing"));
        mounts.unmount(Files.writeString(directory.resolve("file"), "").resolve("below"));
    }

    @Test
    void unmountDoesNotFollowALink() throws IOException {
        Path target = Files.createDirectory(directory.resolve("target"));
        Path link = Files.createSymbolicLink(directory.resolve("link"), target);
        mounts.tmpfs(target, 1 << 20);

        mounts.unmount(link);

        assertThat(MountNamespace.ownMountsBelow(directory)).hasSize(1);
        mounts.unmount(target);
    }

    @Test
    void namesTheCallAndTheErrorWhenRefused() {
        Path missing = directory.resolve("missing");

        assertThatThrownBy(() -> mounts.tmpfs(missing, 1 << 20))
                .hasMessage("mount(tmpfs, '" + missing + "'): ENOENT")
                .extracting("kind")
                .isEqualTo(ErrorKind.HOST_REFUSED);
    }
}
