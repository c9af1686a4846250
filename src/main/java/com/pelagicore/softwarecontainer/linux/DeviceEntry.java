package com.pelagicore.softwarecontainer.linux;

import com.pelagicore.softwarecontainer.rootfs.DeviceFile;
import com.pelagicore.softwarecontainer.spec.DeviceNumber;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A name in an open directory of a container, where a device node is or will be. What is done to the node is
 * done to an open descriptor of it, so that the container cannot put something else in its place meanwhile.
 */
final class DeviceEntry implements AutoCloseable {

    private final Descriptor root;
    private final Descriptor parent;
    private final FileName name;
    private Optional<Descriptor> file;

    private DeviceEntry(Descriptor root, Descriptor parent, Path containerPath) {
        this.root = root;
        this.parent = parent;
        this.name = FileName.of(containerPath.getFileName());
        try {
            this.file = openFile();
        } catch (RuntimeException refused) {
            parent.close();
            throw refused;
        }
    }

    /** An entry that exists; empty: it does not. */
    static Optional<DeviceEntry> find(Descriptor root, Path containerPath) {
        Path directory = containerPath.resolveSibling("");
        int opened = Opening.inRoot(root, FileName.of(directory), Opening.PATH_ONLY | Opening.DIRECTORY);
        if (opened == -Errno.ENOENT || opened == -Errno.ENOTDIR || opened == -Errno.ELOOP) {
            return Optional.empty();
        }
        DeviceEntry entry = new DeviceEntry(root, Opening.checked(opened, directory::toString), containerPath);
        if (entry.exists()) {
            return Optional.of(entry);
        }
        entry.close();
        return Optional.empty();
    }

    /** An entry that need not exist; missing directories are made. */
    static DeviceEntry make(Descriptor root, Path containerPath) {
        try (ContainerTarget directory = new ContainerTarget(root, containerPath.resolveSibling(""), true)) {
            DeviceEntry entry = new DeviceEntry(root, directory.open(), containerPath);
            directory.keep();
            return entry;
        }
    }

    static Optional<DeviceFile> deviceFile(FileStatus status) {
        boolean block = status.type() == FileStatus.BLOCK_DEVICE;
        if (!block && status.type() != FileStatus.CHARACTER_DEVICE) {
            return Optional.empty();
        }
        DeviceNumber number = new DeviceNumber(block, status.deviceMajor(), status.deviceMinor());
        return Optional.of(new DeviceFile(number, status.permissions(), status.owner(), status.group()));
    }

    private Optional<Descriptor> openFile() {
        int opened = Opening.child(parent.number(), name, Opening.PATH_ONLY);
        return opened == -Errno.ENOENT ? Optional.empty() : Optional.of(Opening.checked(opened, name::toString));
    }

    boolean exists() {
        return file.isPresent();
    }

    /** Empty: there is nothing, or no device. */
    Optional<DeviceFile> device() {
        return file.flatMap(open -> deviceFile(FileStatus.of(open, name.toString())));
    }

    /** Whether the directory is in the container's own root, and neither it nor the node is mounted from elsewhere. */
    boolean isContainersOwn() {
        long mount = FileStatus.of(parent, "directory").mountId();
        boolean isFileOfDirectory = file.map(open -> FileStatus.of(open, name.toString()))
                .filter(status -> status.mountId() != mount)
                .isEmpty();
        return isFileOfDirectory && mount == FileStatus.of(root, "/").mountId();
    }

    void createNode(DeviceFile node) {
        create(parent, name, node);
        file = openFile();
        if (device().map(DeviceFile::number).filter(node.number()::equals).isEmpty()) {
            throw Errno.refused("mknodat('" + name + "')", Errno.ESTALE);
        }
    }

    /** Makes a node in a directory that nobody else changes. */
    static void makeNode(Descriptor parent, FileName name, DeviceFile node) {
        create(parent, name, node);
        int opened = Opening.entry(parent.number(), name, Opening.PATH_ONLY);
        try (Descriptor file = Opening.checked(opened, name::toString)) {
            change(file, name, node);
        }
    }

    private static void create(Descriptor parent, FileName name, DeviceFile node) {
        DeviceNumber number = node.number();
        int type = number.block() ? FileStatus.BLOCK_DEVICE : FileStatus.CHARACTER_DEVICE;
        long device = FileStatus.deviceNumber(number.major(), number.minor());
        if (FileCalls.mknodat(parent.number(), name.terminated(), type | node.permissionBits(), device) < 0) {
            throw Errno.refused("mknodat('" + name + "')");
        }
    }

    /** Gives the node owner, group and permissions. */
    void change(DeviceFile wanted) {
        change(file.orElseThrow(), name, wanted);
    }

    private static void change(Descriptor node, FileName name, DeviceFile wanted) {
        byte[] empty = FileName.EMPTY.terminated();
        if (FileCalls.fchownat(node.number(), empty, wanted.owner(), wanted.group(), FileCalls.AT_EMPTY_PATH) < 0) {
            throw Errno.refused("fchownat('" + name + "')");
        }
        if (FileCalls.chmod(FileName.of(node.path()).terminated(), wanted.permissionBits()) < 0) {
            throw Errno.refused("chmod('" + name + "')");
        }
    }

    void remove() {
        if (FileCalls.unlinkat(parent.number(), name.terminated(), 0) < 0 && Errno.last() != Errno.ENOENT) {
            throw Errno.refused("unlinkat('" + name + "')");
        }
    }

    @Override
    public void close() {
        file.ifPresent(Descriptor::close);
        parent.close();
    }
}
