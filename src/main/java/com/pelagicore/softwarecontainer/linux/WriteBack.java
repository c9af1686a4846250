package com.pelagicore.softwarecontainer.linux;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Carries one upper layer over to its lower directory, walking both side by side. The format of the layer is
 * that of the kernel's Documentation/filesystems/overlayfs.rst: a whiteout is a character device 0:0, a
 * directory that hides the one below has the attribute {@code trusted.overlay.opaque}.
 */
final class WriteBack {

    private static final FileName OPAQUE = FileName.of("trusted.overlay.opaque");

    private final TreeCursor upper;
    private final TreeCursor lower;
    private final EntryCopy copy;
    private final Deque<Level> levels = new ArrayDeque<>();

    /** What is left to do in a directory; below an opaque directory nothing of the lower tree shows. */
    private record Level(Deque<FileName> directories, boolean opaque) {}

    WriteBack(TreeCursor upper, TreeCursor lower, EntryCopy copy) {
        this.upper = upper;
        this.lower = lower;
        this.copy = copy;
    }

    /** Starts and ends with both cursors at their roots; the lower root itself keeps its metadata. */
    void run() {
        levels.push(carryEntries(false));
        while (!levels.isEmpty()) {
            FileName next = levels.element().directories().poll();
            if (next != null) {
                descend(next, levels.element().opaque());
            } else {
                levels.pop();
                ascend();
            }
        }
    }

    private void descend(FileName name, boolean opaque) {
        boolean merged = FileStatus.ofEntry(lower.descriptor(), name)
                .filter(FileStatus::isDirectory)
                .isPresent();
        if (!merged) {
            copy.makeDirectory(lower.descriptor(), name, lower.path(name));
        }
        upper.enter(name);
        lower.enter(name);
        levels.push(carryEntries(opaque || isOpaque()));
    }

    /** The directory itself comes last: what was done in it has changed its time of modification. */
    private void ascend() {
        if (levels.isEmpty()) {
            return;
        }
        Metadata.copy(upper.directory(), lower.directory(), lower.path());
        upper.leave();
        lower.leave();
    }

    private boolean isOpaque() {
        byte[] value = ExtendedAttributes.read(upper.directory(), OPAQUE);
        return value.length == 1 && value[0] == 'y';
    }

    /** Carries all entries but directories, which are left to be done. */
    private Level carryEntries(boolean opaque) {
        List<DirectoryEntry> entries = DirectoryEntry.readAll(upper.descriptor());
        if (opaque) {
            deleteAllBut(entries);
        }
        Deque<FileName> directories = new ArrayDeque<>();
        for (DirectoryEntry entry : entries) {
            FileStatus status = FileStatus.ofEntry(upper.descriptor(), entry.name())
                    .orElseThrow(() -> Errno.refused("statx('" + upper.path(entry.name()) + "')", Errno.ENOENT));
            if (status.isDirectory()) {
                directories.add(entry.name());
            } else if (status.isWhiteout()) {
                TreeDeletion.delete(lower.descriptor(), entry.name(), lower.path(entry.name()));
            } else {
                copy.replace(upper, entry.name(), status, lower);
            }
        }
        return new Level(directories, opaque);
    }

    private void deleteAllBut(List<DirectoryEntry> kept) {
        Set<FileName> names = new HashSet<>();
        kept.forEach(entry -> names.add(entry.name()));
        for (DirectoryEntry entry : DirectoryEntry.readAll(lower.descriptor())) {
            if (!names.contains(entry.name())) {
                TreeDeletion.delete(lower.descriptor(), entry.name(), lower.path(entry.name()));
            }
        }
    }
}
