package com.pelagicore.softwarecontainer.linux;

import com.pelagicore.softwarecontainer.rootfs.Trees;
import com.pelagicore.softwarecontainer.spec.IdRange;
import java.nio.file.Path;
import java.util.Optional;

/** Works on trees by descriptors, one directory at a time, so that depth costs neither stack nor descriptors. */
public final class LinuxTrees implements Trees {

    private static final FileName HERE = FileName.of(".");

    private final UserNamespaces namespaces;

    /** For trees of containers with users of their own, too. */
    public LinuxTrees(UserNamespaces namespaces) {
        this.namespaces = namespaces;
    }

    @Override
    public void delete(Path root) {
        Path absolute = root.toAbsolutePath().normalize();
        Path directory = absolute.resolveSibling("");
        if (absolute.getNameCount() == 0) {
            throw new IllegalArgumentException("the root directory is not to be deleted");
        }
        int opened = Opening.host(FileName.of(directory), Opening.PATH_ONLY | Opening.DIRECTORY);
        if (opened == -Errno.ENOENT || opened == -Errno.ENOTDIR) {
            return;
        }
        try (Descriptor parent = Opening.checked(opened, directory::toString)) {
            TreeDeletion.delete(parent.number(), FileName.of(absolute.getFileName()), absolute.toString());
        }
    }

    @Override
    public void writeBack(Path upper, Path lower) {
        int opened = Opening.host(FileName.of(upper), Opening.DIRECTORY | Opening.NO_FOLLOW);
        if (opened == -Errno.ENOENT) {
            return;
        }
        try (TreeCursor from = new TreeCursor(Opening.checked(opened, upper::toString), upper.toString())) {
            WriteBuffer.of(from.directory()).ifPresent(buffer -> writeBack(buffer.ids(), from, upper, lower));
        }
    }

    /**
     * Goes through a mount of its own: like the overlay it sees the lower file system without mounts below. To write
     * as the container's root through a mount that is mapped turns its users into those of the host again.
     */
    private void writeBack(Optional<IdRange> ids, TreeCursor from, Path upper, Path lower) {
        try (Descriptor tree = DetachedMount.ofFileSystem(lower)) {
            if (ids.isEmpty()) {
                writeBack(from, upper, tree, lower, 0);
                return;
            }
            if (!DetachedMount.map(tree, namespaces.of(ids.get()), 0)) {
                throw Errno.refused("mount_setattr('" + lower + "', idmap)");
            }
            int root = ids.get().first();
            FileIdentity.run(root, () -> writeBack(from, upper, tree, lower, root));
        }
    }

    private static void writeBack(TreeCursor from, Path upper, Descriptor tree, Path lower, int root) {
        try (TreeCursor to = new TreeCursor(reopened(tree, lower), lower.toString())) {
            if (!DirectoryEntry.readAll(from.descriptor()).isEmpty()) {
                try (Staging staging = new Staging(tree, upper, lower.toString(), root)) {
                    new WriteBack(from, to, new EntryCopy(tree, staging)).run();
                }
                synchronise(to, lower);
            }
            Metadata.copy(from.directory(), to.directory(), lower.toString());
        }
    }

    private static Descriptor reopened(Descriptor tree, Path path) {
        return Opening.checked(Opening.child(tree.number(), HERE, Opening.DIRECTORY), path::toString);
    }

    /** The caller is about to delete the upper layer. */
    private static void synchronise(TreeCursor to, Path lower) {
        if (FileCalls.syncfs(to.descriptor()) < 0) {
            throw Errno.refused("syncfs('" + lower + "')");
        }
    }
}
