package com.pelagicore.softwarecontainer.linux;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Copies files of all types but directories from tree to tree, each in one step; hard links stay together. */
final class EntryCopy {

    /** PATH_MAX of linux/limits.h. */
    private static final int MAX_LINK_BYTES = 4096;

    private final Descriptor lowerRoot;
    private final Staging staging;
    private final Map<Long, Copied> linked = new HashMap<>();

    /** Where a file with several names went first. */
    private record Copied(FileName relativePath, FileStatus status) {}

    EntryCopy(Descriptor lowerRoot, Staging staging) {
        this.lowerRoot = lowerRoot;
        this.staging = staging;
    }

    /** Puts an empty directory for root alone in the place of a file, or of nothing. */
    void makeDirectory(int target, FileName name, String path) {
        staging.makeDirectory(path);
        staging.place(target, name, path);
    }

    /** Puts a copy in the place of whatever has the name now. */
    void replace(TreeCursor from, FileName name, FileStatus status, TreeCursor to) {
        String path = to.path(name);
        try {
            if (status.links() < 2 || !linkToCopied(status)) {
                copy(from, name, status, path);
                remember(status, to.relativePath().resolve(name), path);
            }
            staging.place(to.descriptor(), name, path);
        } catch (RuntimeException refused) {
            staging.discard(path);
            throw refused;
        }
    }

    private boolean linkToCopied(FileStatus status) {
        Copied first = linked.get(status.inode());
        if (first == null) {
            return false;
        }
        int opened = Opening.entry(lowerRoot.number(), first.relativePath(), Opening.PATH_ONLY);
        if (opened < 0) {
            return false;
        }
        try (Descriptor file = new Descriptor(opened)) {
            return FileStatus.of(file, first.relativePath().toString()).isSameFile(first.status())
                    && staging.link(file);
        }
    }

    private void remember(FileStatus status, FileName relativePath, String path) {
        if (status.links() > 1) {
            try (Descriptor item = staging.openItem(path)) {
                linked.put(status.inode(), new Copied(relativePath, FileStatus.of(item, path)));
            }
        }
    }

    private void copy(TreeCursor from, FileName name, FileStatus status, String path) {
        if (status.type() == FileStatus.REGULAR) {
            copyFile(from, name, path);
            return;
        }
        if (status.type() == FileStatus.SYMLINK) {
            staging.makeSymbolicLink(linkTarget(from, name, path), path);
        } else {
            staging.makeNode(status, path);
        }
        try (Descriptor source = open(from, name, Opening.PATH_ONLY);
                Descriptor copy = staging.openItem(path)) {
            Metadata.copy(source, copy, path);
        }
    }

    private void copyFile(TreeCursor from, FileName name, String path) {
        try (Descriptor source = open(from, name, 0);
                Descriptor copy = staging.createFile(path)) {
            FileContent.copy(source, FileStatus.of(source, path).size(), copy, path);
            Metadata.copy(source, copy, path);
        }
    }

    private static Descriptor open(TreeCursor from, FileName name, long flags) {
        return Opening.checked(Opening.child(from.descriptor(), name, flags), () -> from.path(name));
    }

    private static byte[] linkTarget(TreeCursor from, FileName name, String path) {
        byte[] target = new byte[MAX_LINK_BYTES];
        long size = FileCalls.readlinkat(from.descriptor(), name.terminated(), target, target.length - 1L);
        if (size < 0) {
            throw Errno.refused("readlinkat('" + path + "')");
        }
        return Arrays.copyOf(target, Math.toIntExact(size) + 1);
    }
}
