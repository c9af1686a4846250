package com.pelagicore.softwarecontainer.linux;

import com.pelagicore.softwarecontainer.rootfs.Trees;
import java.nio.file.Path;

/** Works on trees by descriptors, one directory at a time, so that depth costs neither stack nor descriptors. */
public final class LinuxTrees implements Trees {

    private static final FileName HERE = FileName.of(".");

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
            if (WriteBuffer.wasMounted(from.directory())) {
                writeBack(from, upper, lower);
            }
        }
    }

    /** Goes through a mount of its own: like the overlay it sees the lower file system without mounts below. */
    private static void writeBack(TreeCursor from, Path upper, Path lower) {
        try (Descriptor tree = DetachedMount.ofFileSystem(lower);
                TreeCursor to = new TreeCursor(reopened(tree, lower), lower.toString())) {
            if (!DirectoryEntry.readAll(from.descriptor()).isEmpty()) {
                try (Staging staging = new Staging(tree, upper, lower.toString())) {
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
