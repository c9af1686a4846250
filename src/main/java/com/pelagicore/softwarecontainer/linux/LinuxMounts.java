package com.pelagicore.softwarecontainer.linux;

import com.pelagicore.softwarecontainer.rootfs.BufferLayers;
import com.pelagicore.softwarecontainer.rootfs.Mounts;
import com.pelagicore.softwarecontainer.spec.IdRange;
import java.nio.file.Path;

/** Mounts in the agent's own mount namespace. */
public final class LinuxMounts implements Mounts {

    private static final FileName TMPFS = FileName.of("tmpfs");

    /** More layers at one place than anybody stacks: ends a loop that makes no headway. */
    private static final int MAX_LAYERS = 1000;

    private final UserNamespaces namespaces;

    /** For containers with and without users of their own. */
    public LinuxMounts(UserNamespaces namespaces) {
        this.namespaces = namespaces;
    }

    @Override
    public void tmpfs(Path target, long sizeBytes) {
        String options = "mode=0700,size=" + sizeBytes;
        long flags = MountCalls.MS_NOSUID | MountCalls.MS_NODEV;
        byte[] place = FileName.of(target).terminated();
        if (MountCalls.mount(
                        TMPFS.terminated(),
                        place,
                        TMPFS.terminated(),
                        flags,
                        FileName.of(options).terminated())
                < 0) {
            throw Errno.refused("mount(tmpfs, '" + target + "')");
        }
        makePrivate(target, place);
    }

    private static void makePrivate(Path target, byte[] place) {
        if (MountCalls.mount(TMPFS.terminated(), place, TMPFS.terminated(), MountCalls.MS_PRIVATE, new byte[1]) < 0) {
            throw Errno.refused("mount(private, '" + target + "')");
        }
    }

    @Override
    public void overlay(Path target, Path lower, BufferLayers layers) {
        try (Descriptor overlay = Overlay.ofDirectory(lower, layers)) {
            attach(overlay, target);
        }
    }

    @Override
    public void overlay(Path target, Path lower, BufferLayers layers, IdRange ids) {
        try (Descriptor mapped = DetachedMount.ofFileSystem(lower)) {
            if (!DetachedMount.map(mapped, namespaces.of(ids), 0)) {
                throw Errno.refused("mount_setattr('" + lower + "', idmap)");
            }
            try (Descriptor overlay = Overlay.ofDetached(mapped, layers, DetachedMount.Upper.VOLATILE)) {
                attach(overlay, target);
            }
        }
    }

    private static void attach(Descriptor mount, Path target) {
        try (Descriptor place = directory(target)) {
            DetachedMount.attach(mount, place, target.toString());
        }
        makePrivate(target, FileName.of(target).terminated());
    }

    private static Descriptor directory(Path path) {
        int opened = Opening.host(FileName.of(path), Opening.PATH_ONLY | Opening.DIRECTORY | Opening.NO_FOLLOW);
        return Opening.checked(opened, path::toString);
    }

    @Override
    public void unmount(Path target) {
        byte[] place = FileName.of(target).terminated();
        for (int layer = 0; layer < MAX_LAYERS; layer++) {
            if (!detachTopmost(target, place)) {
                return;
            }
        }
        throw Errno.refused("umount2('" + target + "')", Errno.EBUSY);
    }

    /** Whether there was a mount. */
    private static boolean detachTopmost(Path target, byte[] place) {
        int result = MountCalls.umount2(place, MountCalls.UMOUNT_NOFOLLOW);
        if (result < 0 && Errno.last() == Errno.EBUSY) {
            result = MountCalls.umount2(place, MountCalls.UMOUNT_NOFOLLOW | MountCalls.MNT_DETACH);
        }
        if (result == 0) {
            return true;
        }
        // EINVAL: not a mount point; ELOOP: a link now, so not what was mounted
        int error = Errno.last();
        if (error == Errno.EINVAL || error == Errno.ENOENT || error == Errno.ENOTDIR || error == Errno.ELOOP) {
            return false;
        }
        throw Errno.refused("umount2('" + target + "')", error);
    }
}
