package com.pelagicore.softwarecontainer.linux;

/** Copies the bytes of regular files inside the kernel; holes stay holes. */
final class FileContent {

    private static final long CHUNK_BYTES = 1L << 30;

    private final Descriptor from;
    private final Descriptor to;
    private final String path;
    private boolean betweenFileSystems;

    private FileContent(Descriptor from, Descriptor to, String path) {
        this.from = from;
        this.to = to;
        this.path = path;
    }

    /** Fills an empty file; {@code path} names it in messages. */
    static void copy(Descriptor from, long size, Descriptor to, String path) {
        FileContent content = new FileContent(from, to, path);
        long position = 0;
        while (position < size) {
            long data = content.seek(position, FileCalls.SEEK_DATA, position, size);
            long hole = content.seek(data, FileCalls.SEEK_HOLE, size, size);
            content.copyRange(data, hole);
            position = hole;
        }
        if (FileCalls.ftruncate(to.number(), size) < 0) {
            throw Errno.refused("ftruncate('" + path + "')");
        }
    }

    /** Without data behind the position that is the end; a file system that knows no holes has none. */
    private long seek(long position, int whence, long ifUnknown, long end) {
        long found = FileCalls.lseek(from.number(), position, whence);
        if (found >= 0) {
            return Math.min(found, end);
        }
        return Errno.last() == Errno.ENXIO ? end : ifUnknown;
    }

    private void copyRange(long start, long end) {
        FileCalls.lseek(from.number(), start, FileCalls.SEEK_SET);
        FileCalls.lseek(to.number(), start, FileCalls.SEEK_SET);
        long position = start;
        while (position < end) {
            long copied = copySome(Math.min(end - position, CHUNK_BYTES));
            if (copied == 0) {
                return;
            }
            position += copied;
        }
    }

    private long copySome(long size) {
        if (!betweenFileSystems) {
            long copied = FileCalls.copy_file_range(from.number(), 0, to.number(), 0, size, 0);
            if (copied > 0) {
                return copied;
            }
            betweenFileSystems = copied == 0 || isUnsupported(Errno.last());
            if (!betweenFileSystems) {
                throw Errno.refused("copy_file_range('" + path + "')");
            }
        }
        long sent = FileCalls.sendfile(to.number(), from.number(), 0, size);
        if (sent < 0) {
            throw Errno.refused("sendfile('" + path + "')");
        }
        return sent;
    }

    private static boolean isUnsupported(int error) {
        return error == Errno.EXDEV
                || error == Errno.EINVAL
                || error == Errno.ENOSYS
                || error == Errno.EOPNOTSUPP
                || error == Errno.EPERM;
    }
}
