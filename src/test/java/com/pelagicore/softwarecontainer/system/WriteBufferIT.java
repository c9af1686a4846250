package com.pelagicore.softwarecontainer.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Changes go to a buffer first, and to the host when the container is destroyed. */
@SystemTest
final class WriteBufferIT {

    private static final String ON_TMPFS =
            "[{\"writeBufferEnabled\": true, \"temporaryFileSystemWriteBufferEnabled\": true%s}]";

    @TempDir
    private Path host;

    @BeforeEach
    void makeAnApplication() throws IOException {
        Files.writeString(host.resolve("kept"), "kept");
        Files.writeString(host.resolve("changed"), "before");
        Files.writeString(host.resolve("deleted"), "deleted");
        Files.createDirectory(host.resolve("emptied"));
        Files.writeString(host.resolve("emptied/file"), "file");
        Files.createDirectory(host.resolve("replaced"));
        Files.writeString(host.resolve("replaced/old"), "old");
    }

    @Test
    void keepsChangesFromTheHostUntilDestroy(AgentClient client) {
        int id = client.create(AgentClient.BUFFER);
        client.bindMount(id, host, "/app", false);

        client.shell(id, "echo after > /app/changed; rm /app/deleted; echo new > /app/new");

        assertThat(client.shell(id, "cat /app/changed")).isEqualTo("after");
        assertThat(host.resolve("changed")).hasContent("before");
        assertThat(host.resolve("deleted")).exists();
        assertThat(host.resolve("new")).doesNotExist();
    }

    @Test
    void writesNewChangedAndDeletedFilesBack(AgentClient client) throws IOException {
        int id = client.create(AgentClient.BUFFER);
        client.bindMount(id, host, "/app", false);
        client.shell(
                id,
                """
                cd /app
                echo after > changed; rm deleted emptied/file
                rm -r replaced; mkdir replaced; echo young > replaced/young
                mkdir -p new/deep; echo new > new/deep/file; chmod 640 new/deep/file; chown 7:8 new/deep/file
                ln -s kept link; mkfifo fifo; chmod 1711 changed""");

        client.destroy(id);

        assertThat(host.resolve("kept")).hasContent("kept");
        assertThat(host.resolve("changed")).hasContent("after");
        assertThat((int) Files.getAttribute(host.resolve("changed"), "unix:mode") & 07777)
                .isEqualTo(01711);
        assertThat(host.resolve("deleted")).doesNotExist();
        assertThat(host.resolve("emptied")).isEmptyDirectory();
        assertThat(host.resolve("replaced/old")).doesNotExist();
        assertThat(host.resolve("replaced/young")).hasContent("young");
        Path file = host.resolve("new/deep/file");
        assertThat(file).hasContent("new");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-r-----");
        assertThat(Files.getAttribute(file, "unix:uid")).isEqualTo(7);
        assertThat(Files.getAttribute(file, "unix:gid")).isEqualTo(8);
        assertThat(Files.readSymbolicLink(host.resolve("link"))).isEqualTo(Path.of("kept"));
        assertThat(Files.readAttributes(host.resolve("fifo"), "isOther", LinkOption.NOFOLLOW_LINKS))
                .containsEntry("isOther", true);
    }

    @Test
    void writesExtendedAttributesBack(AgentClient client) throws IOException {
        UserDefinedFileAttributeView before =
                Files.getFileAttributeView(host.resolve("changed"), UserDefinedFileAttributeView.class);
        before.write("note", StandardCharsets.UTF_8.encode("important"));
        int id = client.create(AgentClient.BUFFER);
        client.bindMount(id, host, "/app", false);
        client.shell(id, "echo after > /app/changed");

        client.destroy(id);

        UserDefinedFileAttributeView after =
                Files.getFileAttributeView(host.resolve("changed"), UserDefinedFileAttributeView.class);
        assertThat(host.resolve("changed")).hasContent("after");
        assertThat(after.list()).containsExactly("note");
    }

    @Test
    void writesBackWhatProcessesThatStillRunHaveWritten(AgentClient client) {
        int id = client.create(AgentClient.BUFFER);
        client.bindMount(id, host, "/app", false);
        Path ready = client.newOutputFile();
        client.execute(id, "/bin/sh -c 'echo running > /app/new; echo ready; exec sleep 1000'", "/", ready, Map.of());
        Deadlines.await(() -> ready.toFile().length() > 0);

        client.destroy(id);

        assertThat(host.resolve("new")).hasContent("running");
    }

    @Test
    void writesNothingThroughALinkThatTheContainerPutInItsWay(AgentClient client) throws IOException {
        Path outside = Files.createDirectory(host.resolve("outside"));
        Path app = Files.createDirectory(host.resolve("app"));
        Files.createDirectory(app.resolve("directory"));
        int id = client.create(AgentClient.BUFFER);
        client.bindMount(id, app, "/app", false);
        client.shell(id, "rm -r /app/directory; ln -s " + outside + " /app/directory");

        client.destroy(id);

        assertThat(outside).isEmptyDirectory();
        assertThat(Files.isSymbolicLink(app.resolve("directory"))).isTrue();
    }

    @Test
    void keepsReadOnlyMountsReadOnly(AgentClient client) {
        int id = client.create(AgentClient.BUFFER);
        client.bindMount(id, host, "/app", true);

        assertThat(client.shell(id, "echo after > /app/changed 2>&1 || true")).contains("Read-only");
        client.destroy(id);

        assertThat(host.resolve("changed")).hasContent("before");
    }

    @Test
    void passesWritesToAMountedFileThrough(AgentClient client) {
        int id = client.create(AgentClient.BUFFER);
        client.bindMount(id, host.resolve("changed"), "/app-file", false);

        client.shell(id, "echo after > /app-file");

        assertThat(host.resolve("changed")).hasContent("after");
    }

    @ParameterizedTest
    @CsvSource({"1048576, 1024", "20971520, 20480", ", 102400"})
    void limitsABufferInMemoryToTheSizeAskedFor(String bytes, int kibibytes, AgentClient client) {
        String size = bytes == null ? "" : ", \"temporaryFileSystemSize\": " + bytes;
        int id = client.create(ON_TMPFS.formatted(size));

        String output = client.shell(
                id, "dd if=/dev/zero of=/big bs=1024 count=" + (kibibytes + 64) + " 2>&1 || true; stat -c %s /big");

        assertThat(output).contains("No space left");
        long written = Long.parseLong(output.substring(output.lastIndexOf('\n') + 1));
        assertThat(written).isBetween(kibibytes * 1024L * 3 / 4, kibibytes * 1024L);
    }

    @Test
    void ignoresTheSizeWithoutABufferInMemory(AgentClient client) {
        int id = client.create("[{\"writeBufferEnabled\": true, \"temporaryFileSystemSize\": 1048576}]");

        client.shell(id, "dd if=/dev/zero of=/big bs=1024 count=2048");

        assertThat(client.shell(id, "stat -c %s /big")).isEqualTo("2097152");
    }
}
