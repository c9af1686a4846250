package com.pelagicore.softwarecontainer.linux;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Deletes an entry of a directory with all below it. */
final class TreeDeletion {

    private TreeDeletion() {}

    /** Missing: nothing. {@code path} names the entry in messages. */
    static void delete(int parent, FileName name, String path) {
        while (!remove(parent, new DirectoryEntry(name, false), () -> path)) {
            int opened = Opening.entry(parent, name, Opening.DIRECTORY);
            if (opened == -Errno.ENOENT) {
                return;
            }
            try (TreeCursor cursor = new TreeCursor(Opening.checked(opened, () -> path), path)) {
                empty(cursor);
            }
        }
    }

    private static void empty(TreeCursor cursor) {
        while (true) {
            Optional<FileName> filled = removeEntries(cursor);
            if (filled.isPresent()) {
                cursor.enter(filled.get());
            } else if (cursor.isAtRoot()) {
                return;
            } else {
                // if it is not empty any more, the next look at the entries finds it again
                FileName done = cursor.leave();
                FileCalls.unlinkat(cursor.descriptor(), done.terminated(), FileCalls.AT_REMOVEDIR);
            }
        }
    }

    /** Removes what one call each removes, until nothing is left or a directory with something in it is met. */
    private static Optional<FileName> removeEntries(TreeCursor cursor) {
        int directory = cursor.descriptor();
        boolean removed = true;
        while (removed) {
            removed = false;
            DirectoryEntry.rewind(directory);
            for (List<DirectoryEntry> batch = DirectoryEntry.read(directory);
                    !batch.isEmpty();
                    batch = DirectoryEntry.read(directory)) {
                for (DirectoryEntry entry : batch) {
                    if (!remove(directory, entry, () -> cursor.path(entry.name()))) {
                        return Optional.of(entry.name());
                    }
                    removed = true;
                }
            }
        }
        return Optional.empty();
    }

    /** False if it is a directory with something in it. */
    private static boolean remove(int directory, DirectoryEntry entry, Supplier<String> path) {
        int first = entry.directory() ? FileCalls.AT_REMOVEDIR : 0;
        int error = unlink(directory, entry.name(), first);
        if (error == Errno.EISDIR || error == Errno.ENOTDIR) {
            error = unlink(directory, entry.name(), FileCalls.AT_REMOVEDIR - first);
        }
        return switch (error) {
            case 0, Errno.ENOENT -> true;
            case Errno.ENOTEMPTY, Errno.EEXIST -> checkNoMount(directory, entry.name(), path);
            case Errno.EBUSY -> {
                checkNoMount(directory, entry.name(), path);
                throw Errno.refused("unlinkat('" + path.get() + "')", error);
            }
            default -> throw Errno.refused("unlinkat('" + path.get() + "')", error);
        };
    }

    private static int unlink(int directory, FileName name, int flags) {
        return FileCalls.unlinkat(directory, name.terminated(), flags) == 0 ? 0 : Errno.last();
    }

    private static boolean checkNoMount(int directory, FileName name, Supplier<String> path) {
        int opened = Opening.entry(directory, name, Opening.PATH_ONLY);
        if (opened >= 0) {
            new Descriptor(opened).close();
        } else if (opened == -Errno.EXDEV) {
            throw new SoftwareContainerException(
                    ErrorKind.HOST_REFUSED, "'" + path.get() + "' is not deleted: something is mounted there");
        }
        return false;
    }
}
