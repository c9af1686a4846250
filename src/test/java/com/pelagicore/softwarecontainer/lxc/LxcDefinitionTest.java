package com.pelagicore.softwarecontainer.lxc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.spec.Confinement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LxcDefinitionTest {

    private static final Path ROOT = Path.of("/run/softwarecontainer/SC-7/rootfs");
    private static final String MARKER = "0b5c";
    private static final Confinement CONFINED =
            new Confinement(false, Optional.empty(), true, Optional.empty(), OptionalInt.empty());
    private static final LxcHost HOST =
            new LxcHost(Optional.empty(), new TreeMap<>(), new TreeMap<>(), Optional.empty());

    @TempDir
    private Path directory;

    private Path lxcPath;
    private Path container;
    private LxcDefinition definition;

    @BeforeEach
    void nameDefinition() {
        lxcPath = directory.resolve("lxc");
        container = lxcPath.resolve("SC-7");
        definition = new LxcDefinition(lxcPath, "SC-7");
    }

    @Test
    void isCompleteAndRecognisedByItsMarker() throws IOException {
        definition.write(ROOT, MARKER, CONFINED, HOST);

        assertThat(container.resolve("config"))
                .content()
                .startsWith("# made by softwarecontainer-agent, marker " + MARKER + "\n")
                .contains("\nlxc.rootfs.path = dir:" + ROOT + "\n", "\nlxc.init.cmd = /sbin/init\n")
                .contains("\nlxc.seccomp.profile = " + container.resolve("seccomp") + "\n");
        assertThat(container.resolve("seccomp")).content().startsWith("2\ndenylist\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(container)))
                .doesNotEndWith("r-x");
        assertThat(definition.carries(MARKER)).isTrue();
        assertThat(definition.carries("0b5")).isFalse();
        assertThat(definition.carries("other")).isFalse();
        assertThat(lxcPath).isDirectoryNotContaining("glob:**/SC-7.*");
    }

    @Test
    void saysInWhichControlGroupTheContainersAre() {
        definition.write(
                ROOT,
                MARKER,
                CONFINED,
                new LxcHost(
                        Optional.empty(), new TreeMap<>(), new TreeMap<>(), Optional.of("machine.slice/x.service")));

        assertThat(container.resolve("config")).content().contains("\nlxc.cgroup.dir = machine.slice/x.service\n");
        assertThat(definition.cgroupParent()).isEqualTo("machine.slice/x.service");
    }

    @Test
    void leavesTheControlGroupToLxcIfNoneIsGiven() {
        assertThat(definition.cgroupParent()).isEmpty();

        definition.write(ROOT, MARKER, CONFINED, HOST);

        assertThat(container.resolve("config")).content().doesNotContain("lxc.cgroup.dir");
        assertThat(definition.cgroupParent()).isEmpty();
    }

    @Test
    void leavesNothingWhenRemoved() {
        definition.write(ROOT, MARKER, CONFINED, HOST);

        definition.remove(MARKER);

        assertThat(lxcPath).isEmptyDirectory();
        assertThat(definition.carries(MARKER)).isFalse();
        assertThatCode(() -> definition.remove(MARKER)).doesNotThrowAnyException();
    }

    @Test
    void removesTheLogOfLxcAsWell() throws IOException {
        definition.write(ROOT, MARKER, CONFINED, HOST);
        Files.writeString(definition.log(), "");

        definition.remove(MARKER);

        assertThat(container).doesNotExist();
    }

    @Test
    void refusesAForeignDirectoryAndLeavesItAsItIs() throws IOException {
        Path foreign = Files.writeString(Files.createDirectories(container).resolve("config"), "lxc.uts.name = x\n");

        assertThatThrownBy(() -> definition.write(ROOT, MARKER, CONFINED, HOST))
                .hasMessage("'" + container + "' exists and is not of this agent")
                .extracting("kind")
                .isEqualTo(ErrorKind.ALREADY_EXISTS);
        definition.remove(MARKER);

        assertThat(foreign).hasContent("lxc.uts.name = x\n");
        assertThat(lxcPath).isDirectoryNotContaining("glob:**/SC-7.*");
    }

    @Test
    void refusesAnEmptyForeignDirectory() throws IOException {
        Files.createDirectories(container);

        assertThatThrownBy(() -> definition.write(ROOT, MARKER, CONFINED, HOST)).hasMessageContaining("exists");
        definition.remove(MARKER);

        assertThat(container).isEmptyDirectory();
    }

    @Test
    void leavesTheDefinitionOfAnotherMarkerAlone() {
        definition.write(ROOT, "other", CONFINED, HOST);

        assertThatThrownBy(() -> definition.write(ROOT, MARKER, CONFINED, HOST))
                .hasMessageContaining("is not of this agent");
        definition.remove(MARKER);

        assertThat(definition.carries("other")).isTrue();
    }

    @Test
    void removesWhatACrashLeftUnfinished() throws IOException {
        Path unfinished = Files.createDirectories(lxcPath.resolve("SC-7." + MARKER));
        Files.writeString(unfinished.resolve("config"), "half");

        definition.remove(MARKER);

        assertThat(lxcPath).isEmptyDirectory();
    }

    @Test
    void leavesForeignFilesInItsDirectoryAlone() throws IOException {
        definition.write(ROOT, MARKER, CONFINED, HOST);
        Path foreign = Files.writeString(container.resolve("notes"), "mine");

        assertThatThrownBy(() -> definition.remove(MARKER))
                .hasMessageContaining("cannot be removed")
                .extracting("kind")
                .isEqualTo(ErrorKind.HOST_REFUSED);

        assertThat(foreign).hasContent("mine");
    }

    @Test
    void doesNotFollowALinkInPlaceOfTheDirectory() throws IOException {
        new LxcDefinition(directory, "elsewhere").write(ROOT, MARKER, CONFINED, HOST);
        Path elsewhere = directory.resolve("elsewhere");
        Files.createDirectories(lxcPath);
        Files.createSymbolicLink(container, elsewhere);

        assertThat(definition.carries(MARKER)).isFalse();
        assertThatThrownBy(() -> definition.write(ROOT, MARKER, CONFINED, HOST)).hasMessageContaining("exists");
        definition.remove(MARKER);

        assertThat(container).isSymbolicLink();
        assertThat(elsewhere.resolve("config")).exists();
    }

    @Test
    void doesNotTakeALinkForItsConfiguration() throws IOException {
        definition.write(ROOT, MARKER, CONFINED, HOST);
        Path copy = Files.move(container.resolve("config"), directory.resolve("copy"));
        Files.createSymbolicLink(container.resolve("config"), copy);

        assertThat(definition.carries(MARKER)).isFalse();
    }

    /** Log of lxc-start 5.0.2 whose root file system is missing. */
    @Test
    void quotesTheFirstErrorOfLxcStartWithItsReason() throws IOException {
        Files.createDirectories(container);
        Files.writeString(
                definition.log(),
                """
                lxc-start SC-7 20261122012523.368 ERROR    conf - ../src/lxc/conf.c:lxc_rootfs_init:576 - No such file or directory - Failed to open "/run/x - y/rootfs"
                lxc-start SC-7 20261122012523.368 ERROR    start - ../src/lxc/start.c:__lxc_start:2079 - Failed to handle rootfs pinning for container "SC-7"
                lxc-start SC-7 20261122012523.369 ERROR    lxccontainer - ../src/lxc/lxccontainer.c:wait_on_daemonized_start:878 - Received container state "ABORTING" instead of "RUNNING"
                """);

        assertThat(definition.firstError())
                .hasValue("No such file or directory - Failed to open \"/run/x - y/rootfs\"");
    }

    @Test
    void passesOverWhatIsNoError() throws IOException {
        Files.createDirectories(container);
        Files.writeString(
                definition.log(),
                """
                lxc-start SC-7 20261122012523.368 WARN     conf - ../src/lxc/conf.c:lxc_map_ids:3621 - newuidmap is missing
                lxc-start SC-7 20261122012523.543 ERROR    sync - ../src/lxc/sync.c:sync_wait:34 - An error occurred in another process (expected sequence number 3)
                """);

        assertThat(definition.firstError())
                .hasValue("An error occurred in another process (expected sequence number 3)");
    }

    @Test
    void knowsNoErrorWithoutALog() throws IOException {
        assertThat(definition.firstError()).isEmpty();

        Files.createDirectories(container);
        Files.write(definition.log(), new byte[] {(byte) 0xff, '\n'});

        assertThat(definition.firstError()).isEmpty();
    }
}
