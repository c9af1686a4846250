package com.pelagicore.softwarecontainer.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * What statx(2) says of a file; the offsets are those of {@code struct statx} (linux/stat.h).
 *
 * @param device of the file system
 * @param mountRoot whether something is mounted there
 * @param mountId of the mount that it lies on
 * @param deviceNumber of a device node, in the encoding of mknod(2)
 */
record FileStatus(
        int mode,
        int links,
        int owner,
        int group,
        long inode,
        long size,
        long modifiedSeconds,
        int modifiedNanos,
        long deviceNumber,
        long device,
        boolean mountRoot,
        long mountId) {

    static final int TYPE_MASK = 0170000;
    static final int FIFO = 0010000;
    static final int CHARACTER_DEVICE = 0020000;
    static final int DIRECTORY = 0040000;
    static final int BLOCK_DEVICE = 0060000;
    static final int REGULAR = 0100000;
    static final int SYMLINK = 0120000;
    static final int SOCKET = 0140000;

    private static final int STATX_BASIC_STATS = 0x7ff;
    private static final int STATX_MNT_ID = 0x1000;
    private static final int STATX_MNT_ID_UNIQUE = 0x4000;

    /** A kernel before Linux 6.8 tells the other id, which a later mount may have again. */
    private static final int MASK = STATX_BASIC_STATS | STATX_MNT_ID | STATX_MNT_ID_UNIQUE;

    private static final long STATX_ATTR_MOUNT_ROOT = 0x2000;

    /** Status of an open file. */
    static FileStatus of(Descriptor file, String name) {
        return at(file.number(), FileName.EMPTY, FileCalls.AT_EMPTY_PATH)
                .orElseThrow(() -> Errno.refused("statx('" + name + "')", Errno.ENOENT));
    }

    /** Status of an entry of a directory, itself if it is a link; empty if there is none. */
    static Optional<FileStatus> ofEntry(int directory, FileName name) {
        return at(directory, name, FileCalls.AT_SYMLINK_NOFOLLOW);
    }

    private static Optional<FileStatus> at(int directory, FileName name, int flags) {
        byte[] buffer = new byte[256];
        int all = flags | FileCalls.AT_STATX_DONT_SYNC;
        if (FileCalls.statx(directory, name.terminated(), all, MASK, buffer) == 0) {
            return Optional.of(parse(ByteBuffer.wrap(buffer).order(ByteOrder.nativeOrder())));
        }
        if (Errno.last() == Errno.ENOENT) {
            return Optional.empty();
        }
        throw Errno.refused("statx('" + name + "')");
    }

    private static FileStatus parse(ByteBuffer statx) {
        return new FileStatus(
                Short.toUnsignedInt(statx.getShort(28)),
                statx.getInt(16),
                statx.getInt(20),
                statx.getInt(24),
                statx.getLong(32),
                statx.getLong(40),
                statx.getLong(112),
                statx.getInt(120),
                deviceNumber(statx.getInt(128), statx.getInt(132)),
                deviceNumber(statx.getInt(136), statx.getInt(140)),
                (statx.getLong(8) & STATX_ATTR_MOUNT_ROOT) != 0,
                statx.getLong(144));
    }

    /** As makedev(3) of glibc. */
    static long deviceNumber(long major, long minor) {
        return (minor & 0xff) | (major & 0xfff) << 8 | (minor & ~0xffL) << 12 | (major & ~0xfffL) << 32;
    }

    int deviceMajor() {
        return (int) (((deviceNumber >>> 8) & 0xfff) | ((deviceNumber >>> 32) & ~0xfff));
    }

    int deviceMinor() {
        return (int) ((deviceNumber & 0xff) | ((deviceNumber >>> 12) & ~0xff));
    }

    int type() {
        return mode & TYPE_MASK;
    }

    int permissions() {
        return mode & 07777;
    }

    boolean isDirectory() {
        return type() == DIRECTORY;
    }

    /** Whether an overlay's upper layer says with it that the name is deleted. */
    boolean isWhiteout() {
        return type() == CHARACTER_DEVICE && deviceNumber == 0;
    }

    boolean isSameFile(FileStatus other) {
        return inode == other.inode && device == other.device;
    }
}
