package com.pelagicore.softwarecontainer.container;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import com.pelagicore.softwarecontainer.process.InitProcess;
import com.pelagicore.softwarecontainer.rootfs.ContainerMounts;
import com.pelagicore.softwarecontainer.rootfs.FileWatch;
import com.pelagicore.softwarecontainer.rootfs.Mounts;
import com.pelagicore.softwarecontainer.rootfs.Trees;
import com.pelagicore.softwarecontainer.spec.BusRule;
import com.pelagicore.softwarecontainer.spec.BusRule.Bus;
import com.pelagicore.softwarecontainer.spec.DeviceNumber;
import com.pelagicore.softwarecontainer.undo.Undoer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Undoes steps through the ports that made the changes. */
public final class HostUndoer implements Undoer {

    private static final Logger LOG = LoggerFactory.getLogger(HostUndoer.class);

    private final ContainerRuntime runtime;
    private final Mounts mounts;
    private final ContainerMounts containerMounts;
    private final Trees trees;
    private final FileWatch watch;
    private final DevicePorts devices;
    private final HostNetwork network;
    private final BusFilter busFilter;
    private final Duration stopTimeout;

    public HostUndoer(
            ContainerRuntime runtime,
            Mounts mounts,
            ContainerMounts containerMounts,
            Trees trees,
            FileWatch watch,
            DevicePorts devices,
            HostNetwork network,
            BusFilter busFilter,
            Duration stopTimeout) {
        this.runtime = runtime;
        this.mounts = mounts;
        this.containerMounts = containerMounts;
        this.trees = trees;
        this.watch = watch;
        this.devices = devices;
        this.network = network;
        this.busFilter = busFilter;
        this.stopTimeout = stopTimeout;
    }

    @Override
    public void unmount(Path hostPath) {
        mounts.unmount(hostPath);
    }

    @Override
    public void deleteTree(Path hostPath) {
        trees.delete(hostPath);
    }

    @Override
    public void stopContainer(String name, String marker) {
        runtime.stop(name, marker, stopTimeout);
    }

    @Override
    public void undefineContainer(String name, String marker) {
        runtime.undefine(name, marker);
    }

    @Override
    public void unmountInside(long initPid, long initStartTicks, Path containerPath, long mount) {
        try {
            containerMounts.unmount(new InitProcess(initPid, initStartTicks), containerPath, mount);
        } catch (SoftwareContainerException e) {
            if (e.kind() != ErrorKind.ALREADY_EXISTS) {
                throw e;
            }
            // trying again would not help: the container has moved it, and it ends with the container
            LOG.warn("init {}: {}, ignoring", initPid, e.getMessage());
        }
    }

    @Override
    public void writeInside(long initPid, long initStartTicks, Path containerPath, String content) {
        try {
            containerMounts.writeFile(new InitProcess(initPid, initStartTicks), containerPath, content);
        } catch (SoftwareContainerException e) {
            if (e.kind() != ErrorKind.WRONG_STATE) {
                throw e;
            }
        }
    }

    @Override
    public void endWatch(String name) {
        watch.unwatch(name);
    }

    @Override
    public void removeNode(long initPid, long initStartTicks, Path containerPath, DeviceNumber number) {
        devices.nodes().remove(new InitProcess(initPid, initStartTicks), containerPath, number);
    }

    @Override
    public void restoreNode(
            long initPid, long initStartTicks, Path containerPath, DeviceNumber number, int permissionBits) {
        devices.nodes()
                .changePermissions(new InitProcess(initPid, initStartTicks), containerPath, number, permissionBits);
    }

    @Override
    public void restoreCgroup(String name, String marker, String key, String value) {
        devices.cgroups().restore(name, marker, key, value);
    }

    @Override
    public void detachNetwork(int container, String bridge) {
        network.detach(new ContainerId(container), bridge);
    }

    @Override
    public void restoreNetwork(int container, long initPid, long initStartTicks) {
        network.restore(new ContainerId(container), new InitProcess(initPid, initStartTicks));
    }

    @Override
    public void writeBack(Path upper, Path lower) {
        trees.writeBack(upper, lower);
    }

    @Override
    public void closeBus(String container, Bus bus) {
        busFilter.close(container, bus);
    }

    @Override
    public void restoreBusRules(String container, Bus bus, List<BusRule> rules) {
        busFilter.replaceRules(container, bus, rules);
    }
}
