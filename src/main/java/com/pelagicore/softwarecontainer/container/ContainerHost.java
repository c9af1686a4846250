package com.pelagicore.softwarecontainer.container;

import com.pelagicore.softwarecontainer.process.InitConnector;
import com.pelagicore.softwarecontainer.rootfs.ContainerMounts;
import com.pelagicore.softwarecontainer.rootfs.FileWatch;
import com.pelagicore.softwarecontainer.rootfs.RootfsStore;
import com.pelagicore.softwarecontainer.undo.Undoer;
import java.nio.file.Path;

/**
 * What containers are made with.
 *
 * @param journalDirectory existing, private to the agent
 */
public record ContainerHost(
        ContainerRuntime runtime,
        RootfsStore rootfs,
        ContainerMounts mounts,
        FileWatch watch,
        InitConnector init,
        DevicePorts devices,
        HostNetwork network,
        BusFilter busFilter,
        ConfinementPolicy confinement,
        Undoer undoer,
        Path journalDirectory) {}
