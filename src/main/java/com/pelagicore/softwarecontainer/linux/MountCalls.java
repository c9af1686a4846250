package com.pelagicore.softwarecontainer.linux;

import com.sun.jna.Native;

/**
 * Mount and namespace calls. Those that glibc 2.31 has no wrapper for go through syscall(2) with the numbers
 * of the generic table, which are the same on x86_64 and aarch64. All variadic arguments are longs or
 * pointers, as syscall(2) takes them.
 */
final class MountCalls {

    static final long SYS_PIDFD_OPEN = 434;
    static final long SYS_OPEN_TREE = 428;
    static final long SYS_MOVE_MOUNT = 429;
    static final long SYS_FSOPEN = 430;
    static final long SYS_FSCONFIG = 431;
    static final long SYS_FSMOUNT = 432;
    static final long SYS_OPENAT2 = 437;
    static final long SYS_MOUNT_SETATTR = 442;

    static final int CLONE_FS = 0x200;
    static final int CLONE_NEWNS = 0x20000;
    static final int CLONE_NEWNET = 0x40000000;

    static final long MS_NOSUID = 2;
    static final long MS_NODEV = 4;
    static final long MS_PRIVATE = 1 << 18;
    static final int MNT_DETACH = 2;
    static final int UMOUNT_NOFOLLOW = 8;

    static final long OPEN_TREE_CLONE = 1;
    static final long OPEN_TREE_CLOEXEC = 0x80000;
    static final long AT_RECURSIVE = 0x8000;
    static final long MOVE_MOUNT_F_EMPTY_PATH = 0x4;
    static final long MOVE_MOUNT_T_EMPTY_PATH = 0x40;
    static final long FSOPEN_CLOEXEC = 1;
    static final long FSMOUNT_CLOEXEC = 1;
    static final long FSCONFIG_SET_FLAG = 0;
    static final long FSCONFIG_SET_STRING = 1;
    static final long FSCONFIG_CMD_CREATE = 6;
    static final long MOUNT_ATTR_RDONLY = 1;
    static final long MOUNT_ATTR_NOSUID = 2;
    static final long MOUNT_ATTR_NODEV = 4;
    static final long MOUNT_ATTR_NOEXEC = 8;
    static final long MOUNT_ATTR_IDMAP = 0x100000;

    static {
        Native.register(MountCalls.class, "c");
    }

    private MountCalls() {}

    static native int mount(byte[] source, byte[] target, byte[] type, long flags, byte[] options);

    static native int umount2(byte[] target, int flags);

    static native int unshare(int flags);

    static native int setns(int descriptor, int flags);

    static native int chroot(byte[] path);

    static native int umask(int mask);

    /** pidfd_open(pid, flags). */
    static native long syscall(long number, long pid, long flags);

    /** open_tree(directory, path, flags). */
    static native long syscall(long number, long directory, byte[] path, long flags);

    /** fsopen(type, flags). */
    static native long syscall(long number, byte[] type, long flags);

    /** fsconfig(context, command, key, value, aux). */
    static native long syscall(long number, long context, long command, byte[] key, byte[] value, long aux);

    /** fsconfig(context, command, key, NULL, aux). */
    static native long syscall(long number, long context, long command, byte[] key, long value, long aux);

    /** fsconfig(context, command, NULL, NULL, aux); fsmount(context, flags, attributes, 0, 0). */
    static native long syscall(long number, long first, long second, long third, long fourth, long fifth);

    /** move_mount(fromDirectory, from, toDirectory, to, flags). */
    static native long syscall(long number, long fromDirectory, byte[] from, long toDirectory, byte[] to, long flags);

    /** openat2(directory, path, how, size); {@code how} is flags, mode, resolve. */
    static native long syscall(long number, long directory, byte[] path, long[] how, long size);

    /** mount_setattr(directory, path, flags, attr, size); {@code attr} is set, clear, propagation, userns. */
    static native long syscall(long number, long directory, byte[] path, long flags, long[] attributes, long size);
}
