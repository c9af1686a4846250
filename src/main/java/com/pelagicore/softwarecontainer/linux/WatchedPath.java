package com.pelagicore.softwarecontainer.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A path that a file may appear at. Watched are the nearest directory that exists and the one above it: a
 * directory does not tell of its own end as long as a mount somewhere keeps what was in it.
 */
final class WatchedPath {

    /** A directory on the way that came and went that often is none to wait for: its next event will do. */
    private static final int ATTEMPTS = 10;

    private static final Path ROOT = Path.of("/");

    private final Path path;
    private final Map<Integer, FileName> expected = new HashMap<>();
    private Optional<Object> file = Optional.empty();

    /** Absolute, not the root. */
    WatchedPath(Path path) {
        this.path = path.normalize();
    }

    /** The watches that it needs. */
    Set<Integer> watches() {
        return expected.keySet();
    }

    /** Watches the directories that are on the way to the path by now. */
    void arm(Inotify inotify) {
        Path nearest = nearestDirectory();
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            expected.clear();
            expect(path.getName(nearest.getNameCount()), nearest, inotify);
            if (nearest.getParent() != null) {
                expect(nearest.getFileName(), nearest.getParent(), inotify);
            }
            Path before = nearest;
            nearest = nearestDirectory();
            if (nearest.equals(before)) {
                return;
            }
        }
    }

    private void expect(Path name, Path directory, Inotify inotify) {
        OptionalInt watch = inotify.add(directory);
        watch.ifPresent(number -> expected.put(number, FileName.of(name)));
    }

    private Path nearestDirectory() {
        for (int names = path.getNameCount() - 1; names > 0; names--) {
            Path directory = ROOT.resolve(path.subpath(0, names));
            if (Files.isDirectory(directory)) {
                return directory;
            }
        }
        return ROOT;
    }

    boolean concerns(Inotify.Event event) {
        FileName name = expected.get(event.watch());
        if (event.isLoss()) {
            return true;
        }
        return name != null && (event.name().equals(name) || event.name().equals(FileName.EMPTY));
    }

    /** Whether there is a file now that need not be the one of the last time. */
    boolean hasNewFile(List<Inotify.Event> events) {
        Optional<Object> before = file;
        file = fileKey();
        FileName name = FileName.of(path.getFileName());
        boolean made =
                events.stream().anyMatch(event -> event.isNew() && event.name().equals(name));
        return file.isPresent() && (made || !file.equals(before));
    }

    private Optional<Object> fileKey() {
        try {
            return Optional.of(
                    Files.readAttributes(path, BasicFileAttributes.class).fileKey());
        } catch (IOException missing) {
            return Optional.empty();
        }
    }
}
