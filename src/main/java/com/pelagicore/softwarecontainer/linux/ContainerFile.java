package com.pelagicore.softwarecontainer.linux;

import java.nio.file.Path;

/** Writes small files into a container's file system. */
final class ContainerFile {

    private static final int MODE = 0644;

    private ContainerFile() {}

    /** Replaces a file; the new one is written beside it, where the old one may be a link to anywhere. */
    static boolean write(NamespaceThread.Entered entered, Path containerPath, byte[] content) {
        Path directory = containerPath.resolveSibling("");
        FileName name = FileName.of(containerPath.getFileName());
        FileName temporary = FileName.of("." + containerPath.getFileName() + "-" + Long.toHexString(System.nanoTime()));
        int opened = Opening.inRoot(entered.root(), FileName.of(directory), Opening.PATH_ONLY | Opening.DIRECTORY);
        try (Descriptor parent = Opening.checked(opened, directory::toString)) {
            int created = Opening.create(parent.number(), temporary, MODE);
            try (Descriptor file = Opening.checked(created, containerPath::toString)) {
                writeAll(file, content, containerPath);
                entered.commit();
                rename(parent, temporary, name, containerPath);
                return true;
            } catch (RuntimeException refused) {
                FileCalls.unlinkat(parent.number(), temporary.terminated(), 0);
                throw refused;
            }
        }
    }

    private static void writeAll(Descriptor file, byte[] content, Path containerPath) {
        if (FileCalls.write(file.number(), content, content.length) != content.length) {
            throw Errno.refused("write('" + containerPath + "')");
        }
    }

    private static void rename(Descriptor parent, FileName from, FileName to, Path containerPath) {
        if (FileCalls.renameat2(parent.number(), from.terminated(), parent.number(), to.terminated(), 0) < 0) {
            throw Errno.refused("renameat2('" + containerPath + "')");
        }
    }
}
