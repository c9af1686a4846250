package com.pelagicore.softwarecontainer.daemon;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Where a real agent is to stop for good, so that it can be killed there: a test arms a container, and the agent's next
 * steps on the journal of that container are counted down. The two share a directory.
 *
 * <pre>
 * SC-7          steps that are left
 * SC-7.stopped  the agent has stopped
 * </pre>
 */
public final class Failpoints {

    private static final String STOPPED = ".stopped";

    private final Path directory;

    /** @param directory existing */
    public Failpoints(Path directory) {
        this.directory = directory;
    }

    /** Lets the agent go so many more steps with a container, and no further. Takes the place of an earlier number. */
    public void arm(String container, int steps) {
        try {
            Path written = Files.writeString(directory.resolve(container + ".new"), Integer.toString(steps));
            Files.move(written, directory.resolve(container), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How many steps are left of an armed container at which the agent has not stopped. */
    public int left(String container) {
        try {
            return Integer.parseInt(Files.readString(directory.resolve(container)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public boolean isArmed(String container) {
        return Files.exists(directory.resolve(container));
    }

    public boolean hasStopped(String container) {
        return Files.exists(directory.resolve(container + STOPPED));
    }

    /** Nothing is armed any more, nothing has stopped. No agent runs, or it does nothing now. */
    public void clear() {
        try (Stream<Path> all = Files.list(directory)) {
            for (Path each : all.toList()) {
                Files.delete(each);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** In the agent, which has the lock of the container: before or after something is done to this journal. */
    void step(Path journal) {
        String container = journal.getFileName().toString().replaceFirst("[.].*", "");
        Path armed = directory.resolve(container);
        if (!Files.exists(armed)) {
            return;
        }
        int left = left(container);
        if (left > 0) {
            arm(container, left - 1);
            return;
        }
        stopAt(armed);
    }

    private static void stopAt(Path armed) {
        try {
            Files.move(armed, armed.resolveSibling(armed.getFileName() + STOPPED));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        while (true) {
            LockSupport.park();
        }
    }
}
