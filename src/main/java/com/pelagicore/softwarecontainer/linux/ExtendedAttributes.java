package com.pelagicore.softwarecontainer.linux;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** xattr(7) of open files. Overlayfs' own attributes are neither seen nor touched by what copies. */
final class ExtendedAttributes {

    private static final String OVERLAY = "trusted.overlay.";

    /** XATTR_SIZE_MAX and XATTR_LIST_MAX of linux/limits.h. */
    private static final int MAX_BYTES = 65_536;

    private ExtendedAttributes() {}

    /** Makes the attributes of {@code to} those of {@code from}, as far as its file system has attributes. */
    static void copy(Descriptor from, Descriptor to, String path) {
        List<FileName> wanted = list(from);
        for (FileName name : list(to)) {
            if (!wanted.contains(name)) {
                remove(to, name);
            }
        }
        for (FileName name : wanted) {
            byte[] value = read(from, name);
            if (!Arrays.equals(value, read(to, name))) {
                set(to, name, value, path);
            }
        }
    }

    /** Without those of overlayfs; empty also if the file system has none. */
    private static List<FileName> list(Descriptor file) {
        byte[] link = link(file);
        long size = FileCalls.listxattr(link, new byte[0], 0);
        if (size <= 0) {
            return List.of();
        }
        byte[] names = new byte[MAX_BYTES];
        size = FileCalls.listxattr(link, names, names.length);
        List<FileName> list = new ArrayList<>();
        for (int start = 0; start < size; ) {
            FileName name = FileName.in(names, start);
            if (!name.toString().startsWith(OVERLAY)) {
                list.add(name);
            }
            start += name.terminated().length;
        }
        return list;
    }

    /** Empty if there is no such attribute. */
    static byte[] read(Descriptor file, FileName name) {
        byte[] value = new byte[MAX_BYTES];
        long size = FileCalls.getxattr(link(file), name.terminated(), value, value.length);
        return Arrays.copyOf(value, (int) Math.max(size, 0));
    }

    /** Sets an attribute; nothing happens on a file system that has none of this kind. */
    static void set(Descriptor file, FileName name, byte[] value, String path) {
        if (FileCalls.setxattr(link(file), name.terminated(), value, value.length, 0) < 0
                && Errno.last() != Errno.EOPNOTSUPP) {
            throw Errno.refused("setxattr('" + path + "', " + name + ")");
        }
    }

    /** Labels that a security module insists on stay. */
    private static void remove(Descriptor file, FileName name) {
        if (FileCalls.removexattr(link(file), name.terminated()) < 0
                && Errno.last() != Errno.ENODATA
                && !name.toString().startsWith("security.")) {
            throw Errno.refused("removexattr(" + name + ")");
        }
    }

    /** The link leads to the file itself, even if that is a symbolic link or open with O_PATH only. */
    private static byte[] link(Descriptor file) {
        return FileName.of(file.path()).terminated();
    }
}
