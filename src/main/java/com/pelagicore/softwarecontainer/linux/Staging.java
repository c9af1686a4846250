package com.pelagicore.softwarecontainer.linux;

import java.nio.file.Path;
import java.util.UUID;

/**
 * A directory that only root can enter, at the top of the tree that is written to. Files are completed in it
 * and then renamed to their place: readers never see halves, and nobody else can put something else under
 * the name of what is being made.
 */
final class Staging implements AutoCloseable {

    private static final FileName ITEM = FileName.of("item");
    private static final int PRIVATE = 0700;

    private final Descriptor root;
    private final FileName name;
    private final Descriptor directory;

    /**
     * Makes the directory anew.
     *
     * @param root the tree; stays open
     * @param owner whom the calling thread makes files for
     * @param purpose the same for the same piece of work, so that its second run removes what the first left
     */
    Staging(Descriptor root, Path purpose, String rootPath, int owner) {
        this.root = root;
        this.name = FileName.of(".softwarecontainer-"
                + UUID.nameUUIDFromBytes(FileName.of(purpose).terminated()));
        String path = rootPath + "/" + name;
        TreeDeletion.delete(root.number(), name, path);
        if (FileCalls.mkdirat(root.number(), name.terminated(), PRIVATE) < 0) {
            throw Errno.refused("mkdirat('" + path + "')");
        }
        this.directory = Opening.checked(Opening.entry(root.number(), name, Opening.DIRECTORY), () -> path);
        FileStatus status = FileStatus.of(directory, path);
        if (status.owner() != owner || status.permissions() != PRIVATE) {
            throw Errno.refused("mkdirat('" + path + "')", Errno.EEXIST);
        }
    }

    /** Starts a regular file. */
    Descriptor createFile(String path) {
        return Opening.checked(Opening.create(directory.number(), ITEM, PRIVATE), () -> path);
    }

    /** Opens what is being made, by O_PATH. */
    Descriptor openItem(String path) {
        return Opening.checked(Opening.child(directory.number(), ITEM, Opening.PATH_ONLY), () -> path);
    }

    void makeDirectory(String path) {
        check(FileCalls.mkdirat(directory.number(), ITEM.terminated(), PRIVATE), "mkdirat", path);
    }

    void makeNode(FileStatus like, String path) {
        int mode = like.type() | PRIVATE;
        check(FileCalls.mknodat(directory.number(), ITEM.terminated(), mode, like.deviceNumber()), "mknodat", path);
    }

    void makeSymbolicLink(byte[] target, String path) {
        check(FileCalls.symlinkat(target, directory.number(), ITEM.terminated()), "symlinkat", path);
    }

    /** A further name of a file; false if the file system refuses. */
    boolean link(Descriptor file) {
        return FileCalls.linkat(
                        file.number(),
                        FileName.EMPTY.terminated(),
                        directory.number(),
                        ITEM.terminated(),
                        FileCalls.AT_EMPTY_PATH)
                == 0;
    }

    /** Puts what was made in the place of whatever has the name in the target directory. */
    void place(int target, FileName entry, String path) {
        int error = rename(target, entry, 0);
        if (error == Errno.EISDIR || error == Errno.ENOTDIR || error == Errno.ENOTEMPTY || error == Errno.EEXIST) {
            error = rename(target, entry, FileCalls.RENAME_EXCHANGE);
        }
        if (error == Errno.EINVAL) {
            // a file system without exchange: for a moment there is nothing at the place
            TreeDeletion.delete(target, entry, path);
            error = rename(target, entry, 0);
        }
        if (error != 0) {
            throw Errno.refused("renameat2('" + path + "')", error);
        }
        // what was exchanged, or a second name of the file that is there already: then rename(2) does nothing
        discard(path);
    }

    private int rename(int target, FileName entry, int flags) {
        return FileCalls.renameat2(directory.number(), ITEM.terminated(), target, entry.terminated(), flags) == 0
                ? 0
                : Errno.last();
    }

    void discard(String path) {
        TreeDeletion.delete(directory.number(), ITEM, path);
    }

    private static void check(int result, String call, String path) {
        if (result < 0) {
            throw Errno.refused(call + "('" + path + "')");
        }
    }

    @Override
    public void close() {
        FileCalls.unlinkat(root.number(), name.terminated(), FileCalls.AT_REMOVEDIR);
        directory.close();
    }
}
