package com.pelagicore.softwarecontainer.linux;

import com.sun.jna.Native;

/**
 * File system calls of libc. Paths end with NUL; results below 0 mean that {@link Errno#last()} says why.
 * Timestamps and structures are passed as arrays of longs, which have the layout of the 64-bit ABIs.
 */
final class FileCalls {

    static final int AT_FDCWD = -100;
    static final int AT_SYMLINK_NOFOLLOW = 0x100;
    static final int AT_REMOVEDIR = 0x200;
    static final int AT_EMPTY_PATH = 0x1000;
    static final int AT_STATX_DONT_SYNC = 0x4000;
    static final int RENAME_EXCHANGE = 2;
    static final int SEEK_SET = 0;
    static final int SEEK_DATA = 3;
    static final int SEEK_HOLE = 4;

    static {
        Native.register(FileCalls.class, "c");
    }

    private FileCalls() {}

    static native int statx(int directory, byte[] path, int flags, int mask, byte[] status);

    static native int fstatfs(int descriptor, long[] status);

    static native int mkdirat(int directory, byte[] path, int mode);

    static native int mknodat(int directory, byte[] path, int mode, long device);

    static native int symlinkat(byte[] target, int directory, byte[] path);

    static native long readlinkat(int directory, byte[] path, byte[] target, long size);

    static native int linkat(int fromDirectory, byte[] from, int toDirectory, byte[] to, int flags);

    static native int unlinkat(int directory, byte[] path, int flags);

    static native int renameat2(int fromDirectory, byte[] from, int toDirectory, byte[] to, int flags);

    static native int fchownat(int directory, byte[] path, int owner, int group, int flags);

    static native int chmod(byte[] path, int mode);

    static native int utimensat(int directory, byte[] path, long[] times, int flags);

    static native int ftruncate(int descriptor, long size);

    static native long lseek(int descriptor, long offset, int whence);

    static native long write(int descriptor, byte[] data, long size);

    /** Offsets are pointers; 0 stands for NULL: the file offset is used and moved. */
    static native long copy_file_range(int from, long fromOffset, int to, long toOffset, long size, int flags);

    /** {@code offset} is a pointer; 0 stands for NULL: the file offset is used and moved. */
    static native long sendfile(int to, int from, long offset, long size);

    static native int syncfs(int descriptor);

    static native int fchdir(int descriptor);

    static native long getdents64(int descriptor, byte[] entries, long size);

    static native long listxattr(byte[] path, byte[] names, long size);

    static native long getxattr(byte[] path, byte[] name, byte[] value, long size);

    static native int setxattr(byte[] path, byte[] name, byte[] value, long size, int flags);

    static native int removexattr(byte[] path, byte[] name);
}
