package com.pelagicore.softwarecontainer.rootfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.pelagicore.softwarecontainer.config.ContainerOptions;
import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.spec.Confinement;
import com.pelagicore.softwarecontainer.undo.UndoStep;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RootfsStoreTest {

    private static final ContainerOptions PLAIN = new ContainerOptions(false, OptionalLong.empty());
    private static final ContainerOptions ON_DISK = new ContainerOptions(true, OptionalLong.empty());
    private static final ContainerOptions IN_MEMORY = new ContainerOptions(true, OptionalLong.of(1 << 20));

    @TempDir
    Path directory;

    private final InMemoryMounts mounts = new InMemoryMounts();
    private final FakeTrees trees = new FakeTrees();
    private final List<UndoStep> announced = new ArrayList<>();
    private Path busybox;
    private Path shared;
    private Path state;

    @BeforeEach
    void installBusybox() throws IOException {
        busybox = Files.writeString(directory.resolve("busybox"), "#!busybox");
        shared = directory.resolve("run/shared");
        state = directory.resolve("lib/state");
    }

    @Test
    void buildsTheTemplateOnce() throws IOException {
        open();
        Path template = onlyTemplate();

        open();

        assertThat(onlyTemplate()).isEqualTo(template);
        assertThat(template.resolve("bin/busybox")).hasContent("#!busybox").isExecutable();
        assertThat(template.resolve("sbin/init")).isExecutable();
        assertThat(Files.readSymbolicLink(template.resolve("bin/ls"))).isEqualTo(Path.of("busybox"));
        assertThat(template.resolve("etc/passwd")).hasContent("root:x:0:0:root:/root:/bin/sh\n");
        assertThat(template.resolve("etc/pulse/client.conf")).hasContent("disable-shm=yes\n");
        assertThat(Files.getAttribute(template.resolve("tmp"), "unix:mode")).isEqualTo(0041777);
        assertThat(Files.getAttribute(template.resolve("gateways"), "unix:mode"))
                .isEqualTo(0041777);
        assertThat(template.resolve("etc/machine-id")).doesNotExist();
        assertThat(template.resolve("etc/evil")).doesNotExist();
    }

    @Test
    void makesANewTemplateForANewBusyboxAndKeepsTheOneInUse() throws IOException {
        open().prepare("SC-0", PLAIN, Confinement.LEGACY, announced::add);
        Path old = onlyTemplate();
        Files.writeString(busybox, "#!newer");

        RootfsStore upgraded = open();
        upgraded.removeLeftovers(Set.of("SC-0"));

        assertThat(templates()).hasSize(2).contains(old);
        upgraded.removeLeftovers(Set.of());
        assertThat(templates()).hasSize(1).doesNotContain(old);
    }

    @Test
    void announcesEachChangeBeforeItIsMade() {
        List<String> found = new ArrayList<>();

        open().prepare("SC-0", IN_MEMORY, Confinement.LEGACY, step -> {
            if (step instanceof UndoStep.DeleteTree tree) {
                found.add("delete " + tree.hostPath() + " " + Files.exists(tree.hostPath()));
            } else if (step instanceof UndoStep.Unmount mount) {
                found.add("unmount " + mount.hostPath() + " " + mounts.mounted.size());
            }
        });

        assertThat(found)
                .containsExactly(
                        "delete " + state + "/containers/SC-0 false",
                        "delete " + shared + "/SC-0 false",
                        "unmount " + shared + "/SC-0/buffer 0",
                        "unmount " + shared + "/SC-0/rootfs 1");
    }

    @Test
    void keepsLayersOnDiskUnlessATemporaryFileSystemIsAskedFor() throws IOException {
        RootfsStore store = open();

        store.prepare("SC-0", PLAIN, Confinement.LEGACY, announced::add);
        store.prepare("SC-1", ON_DISK, Confinement.LEGACY, announced::add);
        store.prepare("SC-2", IN_MEMORY, Confinement.LEGACY, announced::add);

        Path template = onlyTemplate();
        assertThat(mounts.mounted)
                .containsExactly(
                        overlay(template, state.resolve("containers/SC-0"), "SC-0"),
                        overlay(template, state.resolve("containers/SC-1"), "SC-1"),
                        "tmpfs 1048576 on " + shared + "/SC-2/buffer",
                        overlay(template, shared.resolve("SC-2/buffer"), "SC-2"));
    }

    @Test
    void givesEachContainerItsOwnMachineId() throws IOException {
        RootfsStore store = open();

        store.prepare("SC-0", PLAIN, Confinement.LEGACY, announced::add);
        store.prepare("SC-1", PLAIN, Confinement.LEGACY, announced::add);

        String first = Files.readString(state.resolve("containers/SC-0/upper/etc/machine-id"));
        String second = Files.readString(state.resolve("containers/SC-1/upper/etc/machine-id"));
        assertThat(first).matches("[0-9a-f]{32}\n").isNotEqualTo(second);
        assertThat(Files.getAttribute(state.resolve("containers/SC-0/upper"), "unix:mode"))
                .isEqualTo(0040755);
    }

    @Test
    void numbersBuffersAndAnnouncesTheirDeletion() {
        RootfsStore store = open();
        ContainerRootfs rootfs = store.prepare("SC-0", ON_DISK, Confinement.LEGACY, announced::add);

        BufferLayers first = store.bufferFor(rootfs, announced::add);
        BufferLayers second = store.bufferFor(rootfs, announced::add);

        assertThat(announced)
                .endsWith(
                        new UndoStep.DeleteTree(first.upper().getParent()),
                        new UndoStep.DeleteTree(second.upper().getParent()));
        assertThat(first.upper()).isEmptyDirectory().isNotEqualTo(second.upper());
        assertThat(second.work()).isEmptyDirectory().hasParent(second.upper().getParent());
    }

    @Test
    void refusesToBuildOnLeftoversAndAnnouncesNothing() throws IOException {
        RootfsStore store = open();
        Path leftover = Files.createDirectory(state.resolve("containers/SC-0"));

        assertThatThrownBy(() -> store.prepare("SC-0", PLAIN, Confinement.LEGACY, announced::add))
                .hasMessage("'" + leftover + "' is left over from an earlier container")
                .extracting("kind")
                .isEqualTo(ErrorKind.ALREADY_EXISTS);
        assertThat(announced).isEmpty();
    }

    @Test
    void removesLeftoversOfUnknownContainersOnly() throws IOException {
        RootfsStore store = open();
        store.prepare("SC-0", IN_MEMORY, Confinement.LEGACY, announced::add);
        store.prepare("SC-1", PLAIN, Confinement.LEGACY, announced::add);
        Path foreign = Files.createDirectory(shared.resolve("sockets"));

        store.removeLeftovers(Set.of("SC-1"));

        assertThat(foreign).exists();
        assertThat(shared.resolve("SC-0")).doesNotExist();
        assertThat(state.resolve("containers/SC-0")).doesNotExist();
        assertThat(shared.resolve("SC-1")).exists();
        assertThat(mounts.mounted).singleElement().asString().endsWith("SC-1/rootfs");
    }

    private RootfsStore open() {
        List<String> applets = List.of("ls", "sh", "busybox", "../etc/evil", "sh");
        return new RootfsStore(
                shared, state, mounts, trees, new FakeDeviceNodes(init -> false), new FakeBusybox(busybox, applets));
    }

    private Path onlyTemplate() throws IOException {
        assertThat(templates()).hasSize(1);
        return templates().get(0);
    }

    private List<Path> templates() throws IOException {
        try (var entries = Files.list(state.resolve("template"))) {
            return entries.toList();
        }
    }

    private String overlay(Path template, Path layers, String name) {
        return "overlay " + template + " " + layers + "/upper " + layers + "/work on " + shared + "/" + name
                + "/rootfs";
    }
}
