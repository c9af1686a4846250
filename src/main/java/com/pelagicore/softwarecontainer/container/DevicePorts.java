package com.pelagicore.softwarecontainer.container;

import com.pelagicore.softwarecontainer.rootfs.DeviceNodes;

/** What devices are given with: the nodes, and the rules of who may use them. */
public record DevicePorts(DeviceNodes nodes, ControlGroups cgroups) {}
