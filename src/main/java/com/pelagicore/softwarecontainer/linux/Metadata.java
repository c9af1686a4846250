package com.pelagicore.softwarecontainer.linux;

/** Owner, mode, time of modification and extended attributes of open files. */
final class Metadata {

    /** Leaves a time as it is: UTIME_OMIT, linux/stat.h. */
    private static final long OMIT = (1L << 30) - 2;

    private Metadata() {}

    /**
     * Makes those of {@code to} equal to those of {@code from}; both are of the same type.
     *
     * <p>The order counts: a change of owner clears set-uid bits and capabilities, an access control list
     * changes the mode.
     */
    static void copy(Descriptor from, Descriptor to, String path) {
        FileStatus wanted = FileStatus.of(from, path);
        copyOwner(wanted, to, path);
        ExtendedAttributes.copy(from, to, path);
        copyMode(wanted, to, path);
        copyTime(wanted, to, path);
    }

    private static void copyOwner(FileStatus wanted, Descriptor to, String path) {
        FileStatus current = FileStatus.of(to, path);
        boolean same = wanted.owner() == current.owner() && wanted.group() == current.group();
        if (!same
                && FileCalls.fchownat(
                                to.number(),
                                FileName.EMPTY.terminated(),
                                wanted.owner(),
                                wanted.group(),
                                FileCalls.AT_EMPTY_PATH)
                        < 0) {
            throw Errno.refused("fchownat('" + path + "')");
        }
    }

    private static void copyMode(FileStatus wanted, Descriptor to, String path) {
        boolean same = wanted.type() == FileStatus.SYMLINK
                || wanted.permissions() == FileStatus.of(to, path).permissions();
        if (!same && FileCalls.chmod(link(to), wanted.permissions()) < 0) {
            throw Errno.refused("chmod('" + path + "')");
        }
    }

    private static void copyTime(FileStatus wanted, Descriptor to, String path) {
        FileStatus current = FileStatus.of(to, path);
        boolean same = wanted.modifiedSeconds() == current.modifiedSeconds()
                && wanted.modifiedNanos() == current.modifiedNanos();
        long[] times = {0, OMIT, wanted.modifiedSeconds(), wanted.modifiedNanos()};
        if (!same && FileCalls.utimensat(FileCalls.AT_FDCWD, link(to), times, 0) < 0) {
            throw Errno.refused("utimensat('" + path + "')");
        }
    }

    private static byte[] link(Descriptor file) {
        return FileName.of(file.path()).terminated();
    }
}
