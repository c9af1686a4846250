package com.pelagicore.softwarecontainer.linux;

import com.sun.jna.Native;

/** System calls that change the ids of the calling thread alone (setresuid(2), "C library/kernel differences"). */
final class UserCalls {

    static {
        Native.register(UserCalls.class, "c");
    }

    private UserCalls() {}

    /** setgroups(count, groups). */
    static native long syscall(long number, long count, int[] groups);

    /** setresuid(real, effective, saved) and its sister; -1: as it is. */
    static native long syscall(long number, long real, long effective, long saved);
}
