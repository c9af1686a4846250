package com.pelagicore.softwarecontainer.system;

import static com.pelagicore.softwarecontainer.system.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a user who is not root can mount from the host: attack A1 by way of what is allowed. */
@SystemTest
final class HostPathsIT {

    private static final String DENIED = "org.freedesktop.DBus.Error.AccessDenied";
    private static final String SECRET = "only root knows";
    private static final int SWAPS = 200;

    private OtherUser bob;
    private AgentClient ofBob;
    private int container;
    private Path readable;
    private Path writable;
    private Path writableWithSetUid;
    private Path secret;

    @BeforeEach
    void makeDirectories(LiveAgent agent) throws IOException {
        readable = agent.directory().resolve("readable");
        writable = agent.directory().resolve("writable");
        writableWithSetUid = agent.directory().resolve("set-uid");
        secret = agent.directory().resolve("secret");
        for (Path each : new Path[] {readable, writable, writableWithSetUid, secret}) {
            Files.createDirectory(each);
        }
        Files.writeString(secret.resolve("file"), SECRET);
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rwx------"));
        Programs.run("mount", "-t", "tmpfs", "-o", "nosuid,mode=755", "tmpfs", writable.toString());
        Programs.run("mount", "-t", "tmpfs", "-o", "suid,mode=755", "tmpfs", writableWithSetUid.toString());
        configure(agent, readable.toString(), writable + ":" + writableWithSetUid);
        bob = OtherUser.member(agent, OtherUser.BOB);
        bob.giveTo(readable);
        bob.giveTo(writable);
        ofBob = bob.connect();
        container = ofBob.create();
    }

    @AfterEach
    void removeDirectories(LiveAgent agent) {
        ofBob.destroy(container);
        ofBob.close();
        bob.close();
        Programs.run("umount", writable.toString());
        Programs.run("umount", writableWithSetUid.toString());
        for (Path each : new Path[] {readable, writable, writableWithSetUid, secret}) {
            Trees.delete(each);
        }
        configure(agent, "", "");
    }

    private static void configure(LiveAgent agent, String readablePaths, String writablePaths) {
        agent.stop();
        agent.configure("readable-host-paths", readablePaths);
        agent.configure("writable-host-paths", writablePaths);
        agent.start();
    }

    @Test
    void aReadablePathCanBeReadAndNotWritten() throws IOException {
        Files.writeString(Files.createDirectory(readable.resolve("app")).resolve("file"), "hello");

        ofBob.bindMount(container, readable.resolve("app"), "/opt/app", true);

        assertThat(ofBob.shell(container, "cat /opt/app/file; touch /opt/app/x 2>&1 || true"))
                .startsWith("hello")
                .contains("Read-only file system");
        assertRefused(DENIED, () -> ofBob.bindMount(container, readable, "/opt/b", false))
                .isNotBlank();
    }

    @Test
    void theAllowedDirectoryItselfAndOneFileCanBeMounted() throws IOException {
        Files.writeString(readable.resolve("file"), "hello");

        ofBob.bindMount(container, readable, "/opt/all", true);
        ofBob.bindMount(container, readable.resolve("file"), "/opt/one", true);

        assertThat(ofBob.shell(container, "cat /opt/all/file /opt/one")).isEqualTo("hellohello");
    }

    @Test
    void noLinkLeadsOut() throws IOException {
        Files.createSymbolicLink(readable.resolve("absolute"), secret);
        Files.createSymbolicLink(readable.resolve("relative"), Path.of("../secret"));
        Files.createSymbolicLink(readable.resolve("process"), Path.of("/proc/self/root"));

        for (String link : new String[] {"absolute", "relative", "process", "absolute/file", "relative/file"}) {
            assertRefused(DENIED, () -> ofBob.bindMount(container, readable.resolve(link), "/opt/x", true))
                    .contains("leads out of '" + readable + "'");
        }
    }

    @Test
    void aLinkThatStaysInsideIsFollowed() throws IOException {
        Files.writeString(Files.createDirectory(readable.resolve("v2")).resolve("file"), "hello");
        Files.createSymbolicLink(readable.resolve("current"), Path.of("v2"));

        ofBob.bindMount(container, readable.resolve("current"), "/opt/app", true);

        assertThat(ofBob.shell(container, "cat /opt/app/file")).isEqualTo("hello");
    }

    /** The owner of the directory exchanges a directory for a link all the time, while the agent opens it. */
    @Test
    void exchangingDirectoriesAndLinksGainsNothing() throws IOException {
        Files.createDirectory(readable.resolve("a"));
        Files.createSymbolicLink(readable.resolve("b"), Path.of("../secret"));
        Process exchange = bob.run("/usr/bin/python3", "-c", Exchange.PROGRAM, readable + "/a", readable + "/b");
        int mounted = 0;
        try {
            for (int i = 0; i < SWAPS; i++) {
                try {
                    ofBob.bindMount(container, readable.resolve("a"), "/opt/" + i, true);
                    mounted++;
                } catch (BusError refused) {
                    assertThat(refused.name()).isEqualTo(DENIED);
                }
            }
        } finally {
            exchange.destroyForcibly().onExit().join();
        }

        assertThat(mounted).as("mounts that met the directory").isBetween(1, SWAPS - 1);
        assertThat(ofBob.shell(container, "cat /opt/*/file 2>/dev/null || true"))
                .isEmpty();
    }

    /** Behind a mount may be a file system of the caller's that does not answer. */
    @Test
    void otherFileSystemsBelowAreNeitherEnteredNorShown() throws IOException {
        Path below = Files.createDirectory(readable.resolve("below"));
        Programs.run("mount", "-t", "tmpfs", "tmpfs", below.toString());
        try {
            Files.writeString(below.resolve("file"), "x");

            assertRefused(DENIED, () -> ofBob.bindMount(container, below.resolve("file"), "/opt/x", true))
                    .contains("onto another file system");
            ofBob.bindMount(container, readable, "/opt/y", true);

            assertThat(ofBob.shell(container, "ls /opt/y/below")).isEmpty();
        } finally {
            Programs.run("umount", below.toString());
        }
    }

    @Test
    void whatDoesNotExistIsNotFound() {
        assertRefused(() -> ofBob.bindMount(container, readable.resolve("missing"), "/opt/x", true))
                .contains("'" + readable + "/missing' does not exist on the host");
    }

    @Test
    void aWritablePathCanBeWrittenWhereSetUserIdBitsMeanNothing() throws Exception {
        Path app = Files.createDirectory(writable.resolve("app"));
        ofBob.bindMount(container, app, "/opt/app", false);

        ofBob.shell(container, "cp /bin/busybox /opt/app/id");
        // as an application with more privileges could do
        Programs.run("chmod", "4755", app.resolve("id").toString());

        assertThat(app.resolve("id")).exists();
        Process id = bob.run(app.resolve("id").toString(), "-u");
        assertThat(new String(id.getInputStream().readAllBytes()).trim()).isEqualTo(String.valueOf(bob.uid()));
    }

    @Test
    void aWritablePathIsRefusedWhereAContainerCouldLeaveASetUserIdFile() {
        assertRefused(DENIED, () -> ofBob.bindMount(container, writableWithSetUid, "/opt/x", false))
                .isEqualTo("Unable to bind mount " + writableWithSetUid + " to /opt/x: only root may mount '"
                        + writableWithSetUid + "' for writing: its file system is not mounted nosuid");
        ofBob.bindMount(container, writableWithSetUid, "/opt/x", true);
    }

    @Test
    void rootIsNotLimited(AgentClient root) {
        root.bindMount(container, secret, "/opt/secret", true);
        root.bindMount(container, writableWithSetUid, "/opt/w", false);

        assertThat(root.shell(container, "cat /opt/secret/file")).isEqualTo(SECRET);
    }
}
