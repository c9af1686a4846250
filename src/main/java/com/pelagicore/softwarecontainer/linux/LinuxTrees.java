package com.pelagicore.softwarecontainer.linux;

import com.pelagicore.softwarecontainer.rootfs.Trees;
import java.nio.file.Path;

/** Works on trees by descriptors, one directory at a time, so that depth costs neither stack nor descriptors. */
public final class LinuxTrees implements Trees {

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
        throw new UnsupportedOperationException("write back");
    }
}
