package com.pelagicore.softwarecontainer.daemon;

import com.pelagicore.softwarecontainer.config.ConfinementPiece;
import com.pelagicore.softwarecontainer.config.DaemonConfig;
import com.pelagicore.softwarecontainer.container.ContainerHost;
import com.pelagicore.softwarecontainer.container.DevicePorts;
import com.pelagicore.softwarecontainer.container.HostUndoer;
import com.pelagicore.softwarecontainer.linux.FilterProcess;
import com.pelagicore.softwarecontainer.linux.HostBusybox;
import com.pelagicore.softwarecontainer.linux.LinuxContainerMounts;
import com.pelagicore.softwarecontainer.linux.LinuxDeviceNodes;
import com.pelagicore.softwarecontainer.linux.LinuxFileWatch;
import com.pelagicore.softwarecontainer.linux.LinuxHostNetwork;
import com.pelagicore.softwarecontainer.linux.LinuxMounts;
import com.pelagicore.softwarecontainer.linux.LinuxTrees;
import com.pelagicore.softwarecontainer.linux.SocketInitConnector;
import com.pelagicore.softwarecontainer.linux.UserNamespaces;
import com.pelagicore.softwarecontainer.lxc.LxcControlGroups;
import com.pelagicore.softwarecontainer.lxc.LxcRuntime;
import com.pelagicore.softwarecontainer.rootfs.RootfsStore;
import com.pelagicore.softwarecontainer.undo.Journals;
import com.pelagicore.softwarecontainer.undo.Undoer;
import java.time.Duration;

/** The ports and what implements them on this host. */
record Host(ContainerHost containerHost, FilterProcess busFilter) {

    /** A killed container is gone at once, unless the kernel is stuck; then nothing but waiting helps. */
    private static final Duration KILL_MARGIN = Duration.ofSeconds(20);

    static Host open(DaemonConfig config, HostCheck check, Journals journals, FilterProcess busFilter) {
        LxcRuntime runtime =
                new LxcRuntime(config.lxcPath(), config.cgroupParent(), check.directories(), check::newObstacle);
        UserNamespaces namespaces = check.namespaces();
        LinuxMounts mounts = new LinuxMounts(namespaces);
        LinuxContainerMounts containerMounts = new LinuxContainerMounts(check.requires(ConfinementPiece.MAPPED_MOUNTS));
        LinuxTrees trees = new LinuxTrees(namespaces);
        LinuxFileWatch watch = new LinuxFileWatch();
        DevicePorts devices = new DevicePorts(new LinuxDeviceNodes(), new LxcControlGroups(runtime.lxcPath()));
        LinuxHostNetwork network =
                new LinuxHostNetwork(config.network(), config.sharedMountsDir().resolve("sysctls"));
        Undoer undoer = new HostUndoer(
                runtime,
                mounts,
                containerMounts,
                trees,
                watch,
                devices,
                network,
                busFilter,
                config.shutdownTimeout().plus(KILL_MARGIN));
        RootfsStore rootfs = new RootfsStore(
                config.sharedMountsDir(), config.stateDir(), mounts, trees, devices.nodes(), new HostBusybox());
        return new Host(
                new ContainerHost(
                        runtime,
                        rootfs,
                        containerMounts,
                        watch,
                        new SocketInitConnector(),
                        devices,
                        network,
                        busFilter,
                        check.policy(),
                        undoer,
                        journals),
                busFilter);
    }
}
