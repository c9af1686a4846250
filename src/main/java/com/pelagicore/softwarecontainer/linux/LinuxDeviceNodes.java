package com.pelagicore.softwarecontainer.linux;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import com.pelagicore.softwarecontainer.process.InitProcess;
import com.pelagicore.softwarecontainer.rootfs.DeviceFile;
import com.pelagicore.softwarecontainer.rootfs.DeviceNodes;
import com.pelagicore.softwarecontainer.spec.DeviceNumber;
import com.pelagicore.softwarecontainer.spec.IdRange;
import java.nio.file.Path;
import java.util.Optional;

/** Makes nodes from outside, with the host's right to do so; the directory is found as the container sees it. */
public final class LinuxDeviceNodes implements DeviceNodes {

    @Override
    public Optional<DeviceFile> onHost(Path hostPath) {
        int opened = Opening.host(FileName.of(hostPath), Opening.PATH_ONLY);
        if (opened == -Errno.ENOENT || opened == -Errno.ENOTDIR) {
            return Optional.empty();
        }
        try (Descriptor file = Opening.checked(opened, hostPath::toString)) {
            FileStatus status = FileStatus.of(file, hostPath.toString());
            return Optional.of(DeviceEntry.deviceFile(status)
                    .orElseThrow(() -> new SoftwareContainerException(
                            ErrorKind.INVALID_ARGUMENT, "'" + hostPath + "' on the host is not a device")));
        }
    }

    @Override
    public void makeOnHost(Path hostPath, DeviceFile node) {
        Path directory = hostPath.resolveSibling("");
        int opened = Opening.host(FileName.of(directory), Opening.PATH_ONLY | Opening.DIRECTORY | Opening.NO_FOLLOW);
        try (Descriptor parent = Opening.checked(opened, directory::toString)) {
            DeviceEntry.makeNode(parent, FileName.of(hostPath.getFileName()), node);
        }
    }

    @Override
    public Optional<DeviceFile> inContainer(InitProcess init, Path containerPath) {
        return NamespaceThread.call(
                init, MountCalls.CLONE_NEWNS, entered -> DeviceEntry.find(entered.root(), containerPath)
                        .map(entry -> {
                            try (entry) {
                                return entry.device()
                                        .map(device -> seenFromInside(device, entered.ids()))
                                        .orElseThrow(() -> occupied(containerPath));
                            }
                        }));
    }

    @Override
    public void place(InitProcess init, Path containerPath, DeviceFile node) {
        NamespaceThread.call(init, MountCalls.CLONE_NEWNS, entered -> {
            try (DeviceEntry entry = DeviceEntry.make(entered.root(), containerPath)) {
                requireOwn(entry, containerPath);
                Optional<DeviceFile> present = entry.device();
                if (entry.exists()
                        && present.map(DeviceFile::number)
                                .filter(node.number()::equals)
                                .isEmpty()) {
                    throw occupied(containerPath);
                }
                entered.commit();
                DeviceFile wanted = ofContainer(node, entered.ids());
                if (present.isEmpty()) {
                    entry.createNode(wanted);
                }
                entry.change(wanted);
                return true;
            }
        });
    }

    /** The same users and groups, as the container has them. */
    private static DeviceFile ofContainer(DeviceFile node, Optional<IdRange> ids) {
        return ids.map(range -> new DeviceFile(
                        node.number(),
                        node.permissionBits(),
                        range.first() + Math.min(node.owner(), IdRange.PER_CONTAINER - 1),
                        range.first() + Math.min(node.group(), IdRange.PER_CONTAINER - 1)))
                .orElse(node);
    }

    private static DeviceFile seenFromInside(DeviceFile node, Optional<IdRange> ids) {
        return ids.map(range -> new DeviceFile(
                        node.number(),
                        node.permissionBits(),
                        Math.max(node.owner() - range.first(), 0),
                        Math.max(node.group() - range.first(), 0)))
                .orElse(node);
    }

    private static void requireOwn(DeviceEntry entry, Path containerPath) {
        if (!entry.isContainersOwn()) {
            throw new SoftwareContainerException(
                    ErrorKind.ALREADY_EXISTS,
                    "the place of '" + containerPath + "' in the container is a mounted directory of the host");
        }
    }

    private static SoftwareContainerException occupied(Path containerPath) {
        return new SoftwareContainerException(
                ErrorKind.ALREADY_EXISTS, "'" + containerPath + "' in the container is something else");
    }

    @Override
    public void changePermissions(InitProcess init, Path containerPath, DeviceNumber number, int permissionBits) {
        withNode(init, containerPath, number, entry -> entry.device()
                .ifPresent(device -> entry.change(device.withPermissionBits(permissionBits))));
    }

    @Override
    public void remove(InitProcess init, Path containerPath, DeviceNumber number) {
        withNode(init, containerPath, number, DeviceEntry::remove);
    }

    private interface Change {
        void make(DeviceEntry entry);
    }

    /** Does nothing unless that very device is there. */
    private static void withNode(InitProcess init, Path containerPath, DeviceNumber number, Change change) {
        try {
            NamespaceThread.call(init, MountCalls.CLONE_NEWNS, entered -> {
                Optional<DeviceEntry> found = DeviceEntry.find(entered.root(), containerPath);
                if (found.isEmpty()) {
                    return false;
                }
                try (DeviceEntry entry = found.get()) {
                    boolean same = entry.device()
                            .filter(device -> device.number().equals(number))
                            .isPresent();
                    if (!same || !entry.isContainersOwn()) {
                        return false;
                    }
                    entered.commit();
                    change.make(entry);
                    return true;
                }
            });
        } catch (SoftwareContainerException refused) {
            if (refused.kind() != ErrorKind.WRONG_STATE) {
                throw refused;
            }
        }
    }
}
