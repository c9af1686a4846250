package com.pelagicore.softwarecontainer.linux;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Covers what a container's proc and sysfs show of the host: settings of the kernel by themselves read-only, files
 * with secrets by the null device, directories by nothing. Runs before any program that could put something else in
 * the way, and checks nevertheless what it works on: the mistakes of others are CVE-2019-19921 and CVE-2025-31133.
 */
final class Protection implements NamespaceThread.Operation<Boolean> {

    private static final Path NULL_DEVICE = Path.of("/dev/null");
    private static final long NULL_DEVICE_NUMBER = FileStatus.deviceNumber(1, 3);

    static final List<Path> READ_ONLY = paths(
            "/proc/sys",
            "/proc/sysrq-trigger",
            "/proc/bus",
            "/proc/fs",
            "/proc/irq",
            "/proc/mtrr",
            "/proc/pressure",
            "/proc/driver",
            "/proc/dynamic_debug");

    static final List<Path> SECRET_FILES = paths(
            "/proc/kcore",
            "/proc/keys",
            "/proc/key-users",
            "/proc/kmsg",
            "/proc/kallsyms",
            "/proc/kpagecount",
            "/proc/kpageflags",
            "/proc/kpagecgroup",
            "/proc/timer_list",
            "/proc/timer_stats",
            "/proc/sched_debug",
            "/proc/latency_stats",
            "/proc/slabinfo",
            "/proc/vmallocinfo",
            "/proc/config.gz");

    static final List<Path> SECRET_DIRECTORIES = paths(
            "/proc/acpi", "/proc/scsi", "/sys/firmware", "/sys/devices/virtual/powercap", "/sys/devices/virtual/dmi");

    private static final long RESTRICTED = MountCalls.MOUNT_ATTR_RDONLY
            | MountCalls.MOUNT_ATTR_NOSUID
            | MountCalls.MOUNT_ATTR_NODEV
            | MountCalls.MOUNT_ATTR_NOEXEC;

    /** The null device is a device, and nobody can write anything into it. */
    private static final long NULL_DEVICE_ATTRIBUTES = MountCalls.MOUNT_ATTR_NOSUID | MountCalls.MOUNT_ATTR_NOEXEC;

    private static List<Path> paths(String... paths) {
        return List.of(paths).stream().map(Path::of).toList();
    }

    @Override
    public Boolean run(NamespaceThread.Entered entered) {
        requireFileSystem(entered.root(), Path.of("/proc"), FileSystemStatus.PROC_MAGIC);
        requireFileSystem(entered.root(), Path.of("/sys"), FileSystemStatus.SYSFS_MAGIC);
        entered.commit();
        READ_ONLY.forEach(path -> open(entered.root(), path).ifPresent(file -> coverByItself(file, path)));
        try (Descriptor nullDevice = nullDevice(entered.root())) {
            SECRET_FILES.forEach(path -> open(entered.root(), path).ifPresent(file -> coverBy(nullDevice, file, path)));
        }
        SECRET_DIRECTORIES.forEach(path -> open(entered.root(), path).ifPresent(file -> coverByNothing(file, path)));
        return true;
    }

    private static void requireFileSystem(Descriptor root, Path path, long magic) {
        try (Descriptor directory =
                open(root, path).orElseThrow(() -> Errno.refused("openat2('" + path + "')", Errno.ENOENT))) {
            if (FileSystemStatus.of(directory, path.toString()).type() != magic) {
                throw notAsMade(path);
            }
        }
    }

    private static Descriptor nullDevice(Descriptor root) {
        Descriptor device = open(root, NULL_DEVICE)
                .orElseThrow(() -> Errno.refused("openat2('" + NULL_DEVICE + "')", Errno.ENOENT));
        FileStatus status = FileStatus.of(device, NULL_DEVICE.toString());
        if (status.type() != FileStatus.CHARACTER_DEVICE || status.deviceNumber() != NULL_DEVICE_NUMBER) {
            device.close();
            throw notAsMade(NULL_DEVICE);
        }
        return device;
    }

    private static SoftwareContainerException notAsMade(Path path) {
        return new SoftwareContainerException(
                ErrorKind.HOST_REFUSED, "'" + path + "' in the container is not what was made there");
    }

    /** Empty: this kernel has no such file. */
    private static Optional<Descriptor> open(Descriptor root, Path path) {
        int opened = Opening.inRootWithoutLinks(root, FileName.of(path), Opening.PATH_ONLY);
        return opened == -Errno.ENOENT ? Optional.empty() : Optional.of(Opening.checked(opened, path::toString));
    }

    private static void coverByItself(Descriptor file, Path path) {
        try (file;
                Descriptor copy = DetachedMount.ofOpen(file, path.toString())) {
            DetachedMount.restrict(copy, RESTRICTED);
            DetachedMount.attach(copy, file, path.toString());
        }
    }

    private static void coverBy(Descriptor other, Descriptor file, Path path) {
        try (file;
                Descriptor copy = DetachedMount.ofOpen(other, NULL_DEVICE.toString())) {
            DetachedMount.restrict(copy, NULL_DEVICE_ATTRIBUTES);
            DetachedMount.attach(copy, file, path.toString());
        }
    }

    private static void coverByNothing(Descriptor directory, Path path) {
        try (directory;
                Descriptor empty = DetachedMount.ofNothing()) {
            DetachedMount.restrict(empty, RESTRICTED);
            DetachedMount.attach(empty, directory, path.toString());
        }
    }
}
