package com.pelagicore.softwarecontainer.daemon;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/** The agent's directories, for one agent at a time. */
final class StateDirectory implements AutoCloseable {

    private final FileLock lock;
    private final Path journals;

    private StateDirectory(FileLock lock, Path journals) {
        this.lock = lock;
        this.journals = journals;
    }

    /**
     * Makes the directories that are missing and locks them against a second agent on another bus.
     *
     * @throws CannotStart naming the directory
     */
    static StateDirectory open(Path state, Path sharedMounts) {
        try {
            makeOwn(state, "rwx------");
            makeOwn(sharedMounts, "rwx--x--x");
            Path journals = state.resolve("journals");
            makeOwn(journals, "rwx------");
            FileLock lock = FileChannel.open(state.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)
                    .tryLock();
            if (lock == null) {
                throw new CannotStart("The state directory '" + state + "' is in use by another agent");
            }
            return new StateDirectory(lock, journals);
        } catch (IOException e) {
            throw new CannotStart("The agent's directories cannot be made: " + e);
        }
    }

    private static void makeOwn(Path directory, String permissions) throws IOException {
        Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions)));
        Object owner = Files.getAttribute(directory, "unix:uid", LinkOption.NOFOLLOW_LINKS);
        boolean writableByOthers = Files.getPosixFilePermissions(directory, LinkOption.NOFOLLOW_LINKS).stream()
                .anyMatch(permission -> permission.name().equals("GROUP_WRITE")
                        || permission.name().equals("OTHERS_WRITE"));
        if (!Integer.valueOf(0).equals(owner) || writableByOthers) {
            throw new CannotStart("'" + directory + "' must belong to root and be writable by nobody else");
        }
    }

    Path journals() {
        return journals;
    }

    @Override
    public void close() {
        try {
            lock.acquiredBy().close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
