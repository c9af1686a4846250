package com.pelagicore.softwarecontainer.linux;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import java.util.OptionalLong;

/** Users and groups of the host, wherever it keeps them: getgrnam_r(3), getpwuid_r(3), nsswitch.conf(5). */
public final class HostAccounts {

    /** Room for the members of a group with thousands of them. */
    private static final long BUFFER = 1 << 20;

    /** {@code struct group} and {@code struct passwd} of the 64-bit ABIs begin with two pointers. */
    private static final long GROUP_GID = 16;

    private static final long PASSWD_GID = 20;
    private static final long STRUCTURE = 64;

    static {
        Native.register(HostAccounts.class, "c");
    }

    private HostAccounts() {}

    /** Empty: there is no such group. */
    public static OptionalLong groupId(String name) {
        return found(GROUP_GID, (structure, buffer, result) -> getgrnam_r(name, structure, buffer, BUFFER, result));
    }

    /** Empty: there is no such user. */
    static OptionalLong primaryGroup(long uid) {
        return found(
                PASSWD_GID, (structure, buffer, result) -> getpwuid_r((int) uid, structure, buffer, BUFFER, result));
    }

    private interface Lookup {
        int find(Pointer structure, Pointer buffer, PointerByReference result);
    }

    private static OptionalLong found(long offset, Lookup lookup) {
        try (Memory structure = new Memory(STRUCTURE);
                Memory buffer = new Memory(BUFFER)) {
            PointerByReference result = new PointerByReference();
            boolean isFound = lookup.find(structure, buffer, result) == 0 && result.getValue() != null;
            return isFound ? OptionalLong.of(Integer.toUnsignedLong(structure.getInt(offset))) : OptionalLong.empty();
        }
    }

    private static native int getgrnam_r(
            String name, Pointer group, Pointer buffer, long size, PointerByReference result);

    private static native int getpwuid_r(int uid, Pointer user, Pointer buffer, long size, PointerByReference result);
}
