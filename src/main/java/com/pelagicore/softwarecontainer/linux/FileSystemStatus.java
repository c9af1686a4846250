package com.pelagicore.softwarecontainer.linux;

/** What fstatfs(2) says of the file system, and the mount, of an open file. */
record FileSystemStatus(long type, long flags) {

    /** Types of file systems (linux/magic.h). */
    static final long PROC_MAGIC = 0x9fa0;

    static final long SYSFS_MAGIC = 0x62656572;

    private static final long ST_NOSUID = 2;

    /** {@code struct statfs} of the 64-bit ABIs: 11 longs, f_type first, f_flags last, then spare ones. */
    private static final int LONGS = 16;

    private static final int FLAGS = 10;

    static FileSystemStatus of(Descriptor file, String name) {
        long[] status = new long[LONGS];
        if (FileCalls.fstatfs(file.number(), status) < 0) {
            throw Errno.refused("fstatfs('" + name + "')");
        }
        return new FileSystemStatus(status[0], status[FLAGS]);
    }

    /** Whether set-user-ID bits mean nothing there. */
    boolean ignoresSetUid() {
        return (flags & ST_NOSUID) != 0;
    }

    boolean isProc() {
        return type == PROC_MAGIC;
    }
}
