package com.pelagicore.softwarecontainer.linux;

import java.util.function.Supplier;

/** Opens files by openat2(2). All descriptors are close-on-exec. */
final class Opening {

    static final long WRITE_ONLY = 1;
    static final long CREATE = 0100;
    static final long EXCLUSIVE = 0200;
    static final long PATH_ONLY = 010000000;

    // arm64 swaps the values of four flags (arch/arm64/include/uapi/asm/fcntl.h)
    private static final boolean ARM = "aarch64".equals(System.getProperty("os.arch"));
    static final long DIRECTORY = ARM ? 040000 : 0200000;
    static final long NO_FOLLOW = ARM ? 0100000 : 0400000;

    private static final long CLOSE_ON_EXEC = 02000000;

    private static final long RESOLVE_NO_XDEV = 0x01;
    private static final long RESOLVE_NO_MAGICLINKS = 0x02;
    private static final long RESOLVE_NO_SYMLINKS = 0x04;
    private static final long RESOLVE_BENEATH = 0x08;
    private static final long RESOLVE_IN_ROOT = 0x10;

    private static final int ATTEMPTS = 1000;

    private Opening() {}

    /** Opens a path of the host as any program would. Negative: the errno. */
    static int host(FileName path, long flags) {
        return open(FileCalls.AT_FDCWD, path, flags, 0, 0);
    }

    /** Opens a path as a process whose root directory is {@code root} would. Negative: the errno. */
    static int inRoot(Descriptor root, FileName path, long flags) {
        return open(root.number(), path, flags, 0, RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS);
    }

    /** The same for a path on which there is no link, the last name included. Negative: the errno. */
    static int inRootWithoutLinks(Descriptor root, FileName path, long flags) {
        return open(root.number(), path, flags, 0, RESOLVE_IN_ROOT | RESOLVE_NO_SYMLINKS);
    }

    /** Opens a path that leads neither out of a directory nor onto another mount. Negative: the errno. */
    static int within(Descriptor directory, FileName path) {
        return open(directory.number(), path, PATH_ONLY, 0, RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_XDEV);
    }

    /** Opens a file of the host for a user, not by way of what this process has open. Negative: the errno. */
    static int userFile(FileName path, long flags, int mode) {
        return open(FileCalls.AT_FDCWD, path, flags | NO_FOLLOW, mode, RESOLVE_NO_MAGICLINKS);
    }

    /** Opens an entry of a directory that is neither a link nor a mount point. Negative: the errno. */
    static int entry(int directory, FileName name, long flags) {
        return open(directory, name, flags | NO_FOLLOW, 0, RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV);
    }

    /** Opens an entry of a directory, itself if it is a link. Negative: the errno. */
    static int child(int directory, FileName name, long flags) {
        return open(directory, name, flags | NO_FOLLOW, 0, 0);
    }

    /** Opens the directory above, unless it is on the other side of a mount. Negative: the errno. */
    static int parent(int directory) {
        return open(directory, FileName.PARENT, DIRECTORY, 0, RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV);
    }

    /** Creates a file that did not exist, for writing. Negative: the errno. */
    static int create(int directory, FileName name, int mode) {
        return open(directory, name, WRITE_ONLY | CREATE | EXCLUSIVE | NO_FOLLOW, mode, 0);
    }

    /** The descriptor that one of the methods above gave, or the exception for its errno. */
    static Descriptor checked(int opened, Supplier<String> what) {
        if (opened < 0) {
            throw Errno.refused("openat2('" + what.get() + "')", -opened);
        }
        return new Descriptor(opened);
    }

    private static int open(int directory, FileName path, long flags, long mode, long resolve) {
        long[] how = {flags | CLOSE_ON_EXEC, mode, resolve};
        int error = Errno.EAGAIN;
        for (int attempt = 0; attempt < ATTEMPTS && isTransient(error); attempt++) {
            long result = MountCalls.syscall(MountCalls.SYS_OPENAT2, directory, path.terminated(), how, 24);
            if (result >= 0) {
                return Math.toIntExact(result);
            }
            error = Errno.last();
        }
        return -error;
    }

    /** With a scope limit openat2(2) gives EAGAIN when a rename anywhere may have misled it. */
    private static boolean isTransient(int error) {
        return error == Errno.EAGAIN || error == Errno.EINTR;
    }
}
