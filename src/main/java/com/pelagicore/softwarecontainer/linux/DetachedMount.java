package com.pelagicore.softwarecontainer.linux;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import java.nio.file.Path;

/**
 * Mounts that are attached nowhere yet: no mount table shows them, and they are gone when their descriptor is
 * closed. Made by open_tree(2) and fsmount(2), Linux 5.12 or later.
 */
final class DetachedMount {

    /** The upper layer of an overlay. */
    enum Upper {
        LASTING,
        /**
         * Nobody needs it after a power failure: without this option each unmount would write all of the disk that
         * the layer is on, whoever's data it is.
         */
        VOLATILE
    }

    private static final byte[] NO_PATH = FileName.EMPTY.terminated();

    private DetachedMount() {}

    /** A copy of what is at a path of the host and of all mounts below it. */
    static Descriptor ofTree(Path hostPath) {
        return clone(hostPath, MountCalls.AT_RECURSIVE);
    }

    /** A copy of the one file system that is at a path of the host: what is mounted below it does not show. */
    static Descriptor ofFileSystem(Path hostPath) {
        return clone(hostPath, 0);
    }

    /** A copy of an open file or directory without what is mounted below it. */
    static Descriptor ofOpen(Descriptor file, String name) {
        long flags = MountCalls.OPEN_TREE_CLONE | MountCalls.OPEN_TREE_CLOEXEC | FileCalls.AT_EMPTY_PATH;
        long tree = MountCalls.syscall(MountCalls.SYS_OPEN_TREE, file.number(), NO_PATH, flags);
        if (tree < 0) {
            throw Errno.refused("open_tree('" + name + "')");
        }
        return new Descriptor(Math.toIntExact(tree));
    }

    /** An empty tmpfs. */
    static Descriptor ofNothing() {
        try (Descriptor context = context("tmpfs")) {
            return mounted(context);
        }
    }

    private static Descriptor clone(Path hostPath, long recursive) {
        long tree = MountCalls.syscall(
                MountCalls.SYS_OPEN_TREE,
                FileCalls.AT_FDCWD,
                FileName.of(hostPath).terminated(),
                MountCalls.OPEN_TREE_CLONE | MountCalls.OPEN_TREE_CLOEXEC | recursive);
        if (tree >= 0) {
            return new Descriptor(Math.toIntExact(tree));
        }
        if (Errno.last() == Errno.ENOENT || Errno.last() == Errno.ENOTDIR) {
            throw new SoftwareContainerException(ErrorKind.NOT_FOUND, "'" + hostPath + "' does not exist on the host");
        }
        if (Errno.last() == Errno.ENAMETOOLONG) {
            throw new SoftwareContainerException(ErrorKind.INVALID_ARGUMENT, "'" + hostPath + "' is too long");
        }
        throw Errno.refused("open_tree('" + hostPath + "')");
    }

    /**
     * A new overlay. Layers are named by descriptor: so no character in a path means anything, no path is too
     * long (fsconfig(2) takes 255 bytes), and the container's mount table does not tell where they are.
     * Without redirects, metadata copies and index the upper layer can be read without the lower one.
     * All layers have to be attached in the calling thread's mount namespace, before Linux 6.15
     * (clone_private_mount of fs/namespace.c).
     */
    static Descriptor ofOverlay(Descriptor lower, Descriptor upper, Descriptor work, Upper kind) {
        try (Descriptor context = overlayContext(lower, upper, work)) {
            if (kind == Upper.VOLATILE) {
                setVolatile(context);
            }
            return mounted(context);
        }
    }

    private static void setVolatile(Descriptor context) {
        long result = MountCalls.syscall(
                MountCalls.SYS_FSCONFIG,
                context.number(),
                MountCalls.FSCONFIG_SET_FLAG,
                FileName.of("volatile").terminated(),
                0L,
                0L);
        if (result < 0) {
            throw Errno.refused("fsconfig(overlay, volatile)");
        }
    }

    private static Descriptor overlayContext(Descriptor lower, Descriptor upper, Descriptor work) {
        Descriptor context = context("overlay");
        try {
            set(context, "source", "overlay");
            set(context, "lowerdir", lower.path());
            set(context, "upperdir", upper.path());
            set(context, "workdir", work.path());
            set(context, "index", "off");
            set(context, "metacopy", "off");
            set(context, "redirect_dir", "nofollow");
            set(context, "xino", "off");
            return context;
        } catch (RuntimeException refused) {
            context.close();
            throw refused;
        }
    }

    /** A file system that is about to be mounted. */
    static Descriptor context(String type) {
        long opened =
                MountCalls.syscall(MountCalls.SYS_FSOPEN, FileName.of(type).terminated(), MountCalls.FSOPEN_CLOEXEC);
        if (opened < 0) {
            throw Errno.refused("fsopen(" + type + ")");
        }
        return new Descriptor(Math.toIntExact(opened));
    }

    private static void set(Descriptor context, String key, String value) {
        long result = MountCalls.syscall(
                MountCalls.SYS_FSCONFIG,
                context.number(),
                MountCalls.FSCONFIG_SET_STRING,
                FileName.of(key).terminated(),
                FileName.of(value).terminated(),
                0);
        if (result < 0) {
            throw Errno.refused("fsconfig(overlay, " + key + "=" + value + ")");
        }
    }

    private static Descriptor mounted(Descriptor context) {
        if (MountCalls.syscall(MountCalls.SYS_FSCONFIG, context.number(), MountCalls.FSCONFIG_CMD_CREATE, 0L, 0L, 0L)
                < 0) {
            throw Errno.refused("fsconfig(create)");
        }
        long mount =
                MountCalls.syscall(MountCalls.SYS_FSMOUNT, context.number(), MountCalls.FSMOUNT_CLOEXEC, 0L, 0L, 0L);
        if (mount < 0) {
            throw Errno.refused("fsmount()");
        }
        return new Descriptor(Math.toIntExact(mount));
    }

    /** Makes a mount and all below it private and sets MOUNT_ATTR_* flags on them. */
    static void restrict(Descriptor mount, long attributes) {
        long[] change = {attributes, 0, MountCalls.MS_PRIVATE, 0};
        long flags = FileCalls.AT_EMPTY_PATH | MountCalls.AT_RECURSIVE;
        if (MountCalls.syscall(MountCalls.SYS_MOUNT_SETATTR, mount.number(), NO_PATH, flags, change, 32) < 0) {
            throw Errno.refused("mount_setattr(" + attributes + ")");
        }
    }

    /**
     * Lets a mount that was never attached, and with AT_RECURSIVE all below it, show owners as a user namespace has
     * them: what is 0 on the disk is the namespace's root.
     *
     * @return false: this file system, or that of a mount below, cannot do that (tmpfs before Linux 6.3, among others)
     */
    static boolean map(Descriptor mount, Descriptor userNamespace, long recursive) {
        long[] change = {MountCalls.MOUNT_ATTR_IDMAP, 0, 0, userNamespace.number()};
        long flags = FileCalls.AT_EMPTY_PATH | recursive;
        if (MountCalls.syscall(MountCalls.SYS_MOUNT_SETATTR, mount.number(), NO_PATH, flags, change, 32) == 0) {
            return true;
        }
        // EPERM: mapped already, by somebody else
        if (Errno.last() == Errno.EINVAL || Errno.last() == Errno.EPERM) {
            return false;
        }
        throw Errno.refused("mount_setattr(idmap)");
    }

    /** Puts it on top of what is at the open target, in the calling thread's mount namespace. */
    static void attach(Descriptor mount, Descriptor target, String name) {
        long flags = MountCalls.MOVE_MOUNT_F_EMPTY_PATH | MountCalls.MOVE_MOUNT_T_EMPTY_PATH;
        if (MountCalls.syscall(MountCalls.SYS_MOVE_MOUNT, mount.number(), NO_PATH, target.number(), NO_PATH, flags)
                < 0) {
            throw Errno.refused("move_mount('" + name + "')");
        }
    }
}
