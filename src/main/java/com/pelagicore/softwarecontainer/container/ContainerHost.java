package com.pelagicore.softwarecontainer.container;

import com.pelagicore.softwarecontainer.process.InitConnector;
import com.pelagicore.softwarecontainer.rootfs.ContainerMounts;
import com.pelagicore.softwarecontainer.rootfs.FileWatch;
import com.pelagicore.softwarecontainer.rootfs.RootfsStore;
import com.pelagicore.softwarecontainer.undo.Journals;
import com.pelagicore.softwarecontainer.undo.Undoer;

/** What containers are made with. */
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
        Journals journals) {}
