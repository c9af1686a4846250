package com.pelagicore.softwarecontainer.linux;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;

/**
 * A position in a directory tree, with one open descriptor however deep it is. Moves down to entries that are
 * directories, not links and not mount points, and up again to nothing but the directory it came from.
 */
final class TreeCursor implements AutoCloseable {

    private static final int MAX_NAMES_SHOWN = 100;

    private final String rootPath;
    private final Deque<Level> levels = new ArrayDeque<>();
    private Descriptor directory;
    private FileStatus status;

    private record Level(FileName name, FileStatus above) {}

    /** Starts at an open directory, which it takes over. */
    TreeCursor(Descriptor directory, String rootPath) {
        this.directory = directory;
        this.rootPath = rootPath;
        this.status = FileStatus.of(directory, rootPath);
    }

    int descriptor() {
        return directory.number();
    }

    Descriptor directory() {
        return directory;
    }

    /** Status of the directory as it was when it was entered. */
    FileStatus status() {
        return status;
    }

    boolean isAtRoot() {
        return levels.isEmpty();
    }

    void enter(FileName name) {
        Descriptor below = Opening.checked(Opening.entry(descriptor(), name, Opening.DIRECTORY), () -> path(name));
        levels.push(new Level(name, status));
        replace(below);
    }

    /**
     * Goes back up.
     *
     * @return name of the directory that was left
     */
    FileName leave() {
        Level level = levels.pop();
        replace(Opening.checked(Opening.parent(descriptor()), this::path));
        if (!status.isSameFile(level.above())) {
            throw Errno.refused("openat2('" + path(level.name()) + "/..')", Errno.ESTALE);
        }
        return level.name();
    }

    private void replace(Descriptor next) {
        directory.close();
        directory = next;
        status = FileStatus.of(next, rootPath);
    }

    /** Of the directory, below the start. */
    FileName relativePath() {
        return joined(levels.size());
    }

    /** For messages; from deep down only the last names, which keeps this cheap at any depth. */
    String path() {
        String gap = levels.size() > MAX_NAMES_SHOWN ? "/..." : "";
        return isAtRoot() ? rootPath : rootPath + gap + "/" + joined(Math.min(levels.size(), MAX_NAMES_SHOWN));
    }

    /** The names of the last levels. */
    private FileName joined(int depth) {
        List<FileName> names = new ArrayList<>(depth);
        levels.stream().limit(depth).forEach(level -> names.add(level.name()));
        Collections.reverse(names);
        return FileName.joined(names);
    }

    /** Of an entry, for messages. */
    String path(FileName entry) {
        return path() + "/" + entry;
    }

    @Override
    public void close() {
        directory.close();
    }
}
