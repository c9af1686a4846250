package com.pelagicore.softwarecontainer.linux;

import static org.assertj.core.api.Assertions.assertThat;

import com.pelagicore.softwarecontainer.config.ContainerOptions;
import com.pelagicore.softwarecontainer.rootfs.ContainerRootfs;
import com.pelagicore.softwarecontainer.rootfs.RootfsStore;
import com.pelagicore.softwarecontainer.spec.Confinement;
import com.pelagicore.softwarecontainer.undo.UndoStep;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RootfsStoreIT {

    private static final Duration LIMIT = Duration.ofMillis(30);

    @TempDir
    Path directory;

    private final LinuxMounts mounts = new LinuxMounts(new UserNamespaces());
    private final LinuxTrees trees = new LinuxTrees(new UserNamespaces());

    @Test
    void mountsARootThatRunsItsShellAndGoesAwayWithItsUndoSteps() throws Exception {
        RootfsStore store = store();
        List<UndoStep> steps = new ArrayList<>();
        ContainerRootfs rootfs = store.prepare(
                "SC-0", new ContainerOptions(true, OptionalLong.of(1 << 20)), Confinement.LEGACY, steps::add);

        try {
            Process shell = new ProcessBuilder(
                            "chroot",
                            rootfs.mountPoint().toString(),
                            "/bin/busybox",
                            "sh",
                            "-c",
                            "cat /etc/machine-id /etc/group && echo changed > /etc/group && /bin/stat -c %a / /tmp /root")
                    .redirectErrorStream(true)
                    .start();

            assertThat(shell.inputReader().lines().toList())
                    .satisfiesExactly(
                            id -> assertThat(id).matches("[0-9a-f]{32}"),
                            group -> assertThat(group).isEqualTo("root:x:0:root"),
                            root -> assertThat(root).isEqualTo("755"),
                            temporary -> assertThat(temporary).isEqualTo("1777"),
                            home -> assertThat(home).isEqualTo("700"));
        } finally {
            undo(steps);
        }

        assertThat(MountNamespace.ownMountsBelow(directory)).isEmpty();
        assertThat(directory.resolve("shared")).isEmptyDirectory();
        assertThat(directory.resolve("state/containers")).isEmptyDirectory();
    }

    @Test
    void preparesFast() {
        RootfsStore store = store();
        List<Duration> times = new ArrayList<>();
        for (int number = 0; number < 20; number++) {
            List<UndoStep> steps = new ArrayList<>();
            long start = System.nanoTime();
            store.prepare(
                    "SC-" + number, new ContainerOptions(false, OptionalLong.empty()), Confinement.LEGACY, steps::add);
            times.add(Duration.ofNanos(System.nanoTime() - start));
            undo(steps);
        }
        Collections.sort(times);

        assertThat(times.get(10)).isLessThan(LIMIT);
    }

    private RootfsStore store() {
        return new RootfsStore(
                directory.resolve("shared"),
                directory.resolve("state"),
                mounts,
                trees,
                new LinuxDeviceNodes(),
                new HostBusybox());
    }

    private void undo(List<UndoStep> steps) {
        for (int last = steps.size() - 1; last >= 0; last--) {
            if (steps.get(last) instanceof UndoStep.Unmount mount) {
                mounts.unmount(mount.hostPath());
            } else if (steps.get(last) instanceof UndoStep.DeleteTree tree) {
                trees.delete(tree.hostPath());
            }
        }
    }
}
