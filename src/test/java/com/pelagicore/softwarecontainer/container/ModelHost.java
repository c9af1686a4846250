package com.pelagicore.softwarecontainer.container;

import com.pelagicore.softwarecontainer.process.FakeInitConnector;
import com.pelagicore.softwarecontainer.process.InitConnector;
import com.pelagicore.softwarecontainer.rootfs.ContainerMounts;
import com.pelagicore.softwarecontainer.rootfs.DeviceFile;
import com.pelagicore.softwarecontainer.rootfs.DeviceNodes;
import com.pelagicore.softwarecontainer.rootfs.FakeBusybox;
import com.pelagicore.softwarecontainer.rootfs.FakeContainerMounts;
import com.pelagicore.softwarecontainer.rootfs.FakeDeviceNodes;
import com.pelagicore.softwarecontainer.rootfs.FakeFileWatch;
import com.pelagicore.softwarecontainer.rootfs.FakeTrees;
import com.pelagicore.softwarecontainer.rootfs.FileWatch;
import com.pelagicore.softwarecontainer.rootfs.InMemoryMounts;
import com.pelagicore.softwarecontainer.rootfs.Mounts;
import com.pelagicore.softwarecontainer.rootfs.RootfsStore;
import com.pelagicore.softwarecontainer.rootfs.Trees;
import com.pelagicore.softwarecontainer.spec.BusRule;
import com.pelagicore.softwarecontainer.spec.NetworkRule;
import com.pelagicore.softwarecontainer.undo.JournalFile;
import com.pelagicore.softwarecontainer.undo.Journals;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A host of fakes: containers and mounts are in memory, files are in a directory of the test. */
public final class ModelHost {

    /** All that a container may change on the host; templates are nobody's. */
    public record Snapshot(
            List<String> mounts,
            Set<String> defined,
            Set<String> running,
            List<FakeContainerMounts.Mounted> mountedInside,
            SortedMap<String, DeviceFile> devicesInside,
            List<String> cgroups,
            Map<ContainerId, Set<NetworkRule>> networks,
            int openLinks,
            Set<String> watches,
            Map<String, List<BusRule>> buses,
            SortedMap<String, String> files) {}

    /** Without ids: only root can give files away. */
    private static final ConfinementPolicy CONFINEMENT =
            new ConfinementPolicy(false, false, Optional.empty(), true, Optional.empty(), OptionalInt.of(100));

    public final PortCalls calls = new PortCalls();
    public final FakeInitConnector init = new FakeInitConnector();
    public final FakeContainerRuntime runtime = new FakeContainerRuntime(init::die);
    public final FakeContainerMounts containerMounts =
            new FakeContainerMounts(init -> runtime.running().containsValue(init));
    public final FakeHostNetwork network = new FakeHostNetwork();
    public final FakeDeviceNodes devices =
            new FakeDeviceNodes(init -> runtime.running().containsValue(init));
    public final FakeControlGroups cgroups =
            new FakeControlGroups(() -> runtime.running().keySet());
    public final InMemoryMounts mounts = new InMemoryMounts();
    public final FakeTrees trees = new FakeTrees();
    public final FakeFileWatch watch = new FakeFileWatch();
    public final FakeBusFilter busFilter;

    private final Path state;
    private final Path shared;
    private final ContainerHost containerHost;

    /** Makes its directories in an empty one. */
    public ModelHost(Path directory) {
        this(directory, JournalFile.ON_DISK);
    }

    /** The same, with journals whose files are of that kind. */
    ModelHost(Path directory, JournalFile.Source journalFiles) {
        this.state = directory.resolve("state");
        this.shared = directory.resolve("shared");
        this.busFilter = new FakeBusFilter(shared);
        BusFilter watchedBusFilter = calls.watch(BusFilter.class, busFilter);
        ContainerRuntime watchedRuntime = calls.watch(ContainerRuntime.class, runtime);
        ContainerMounts watchedContainerMounts = calls.watch(ContainerMounts.class, containerMounts);
        Mounts watchedMounts = calls.watch(Mounts.class, mounts);
        Trees watchedTrees = calls.watch(Trees.class, new GuardedTrees(trees, mounts));
        HostNetwork watchedNetwork = calls.watch(HostNetwork.class, network);
        FileWatch watchedWatch = calls.watch(FileWatch.class, watch);
        DevicePorts watchedDevices =
                new DevicePorts(calls.watch(DeviceNodes.class, devices), calls.watch(ControlGroups.class, cgroups));
        try {
            Path busybox = Files.writeString(directory.resolve("busybox"), "#!busybox");
            Files.createDirectories(journals());
            this.containerHost = new ContainerHost(
                    watchedRuntime,
                    new RootfsStore(
                            shared,
                            state,
                            watchedMounts,
                            watchedTrees,
                            devices,
                            new FakeBusybox(busybox, List.of("sh"))),
                    watchedContainerMounts,
                    watchedWatch,
                    calls.watch(InitConnector.class, init),
                    watchedDevices,
                    watchedNetwork,
                    watchedBusFilter,
                    CONFINEMENT,
                    new HostUndoer(
                            watchedRuntime,
                            watchedMounts,
                            watchedContainerMounts,
                            watchedTrees,
                            watchedWatch,
                            watchedDevices,
                            watchedNetwork,
                            watchedBusFilter,
                            Duration.ofSeconds(1)),
                    new Journals(journals(), "boot", journalFiles));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The agent is gone, and what was in its memory; the host is as it is. */
    void loseAgent() {
        watch.forget();
        busFilter.loseAgent();
        init.forget();
    }

    /** The same host with the agent of a later boot. */
    ContainerHost afterReboot() {
        runtime.killAll();
        loseAgent();
        return new ContainerHost(
                containerHost.runtime(),
                containerHost.rootfs(),
                containerHost.mounts(),
                containerHost.watch(),
                containerHost.init(),
                containerHost.devices(),
                containerHost.network(),
                containerHost.busFilter(),
                containerHost.confinement(),
                containerHost.undoer(),
                new Journals(journals(), "another boot", JournalFile.ON_DISK));
    }

    public ContainerHost containerHost() {
        return containerHost;
    }

    public RootfsStore rootfs() {
        return containerHost.rootfs();
    }

    public Path journals() {
        return state.resolve("journals");
    }

    /** Root of a container, whether or not there is one. */
    public Path rootOf(String name) {
        return shared.resolve(name).resolve("rootfs");
    }

    public Snapshot snapshot() {
        SortedMap<String, String> files = new TreeMap<>();
        for (Path directory : List.of(shared, state.resolve("containers"), journals())) {
            addFiles(directory, files);
        }
        return new Snapshot(
                List.copyOf(mounts.mounted),
                runtime.defined(),
                runtime.running().keySet(),
                containerMounts.mounted(),
                devices.inContainers(),
                cgroups.changed(),
                network.attached(),
                init.open().size(),
                watch.names(),
                busFilter.opened(),
                files);
    }

    private static void addFiles(Path directory, SortedMap<String, String> files) {
        try (Stream<Path> tree = Files.walk(directory)) {
            for (Path file : tree.toList()) {
                boolean isFile = Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
                files.put(file.toString(), isFile ? Files.readString(file) : "no plain file");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Refuses, as the real one does, to delete what is still mounted. */
    private record GuardedTrees(Trees trees, InMemoryMounts mounts) implements Trees {

        @Override
        public void delete(Path root) {
            if (mounts.mounted.stream().anyMatch(line -> target(line).startsWith(root))) {
                throw new IllegalStateException("something is mounted below " + root);
            }
            trees.delete(root);
        }

        private static Path target(String mounted) {
            return Path.of(mounted.substring(mounted.lastIndexOf(" on ") + 4));
        }

        @Override
        public void writeBack(Path upper, Path lower) {
            trees.writeBack(upper, lower);
        }
    }
}
