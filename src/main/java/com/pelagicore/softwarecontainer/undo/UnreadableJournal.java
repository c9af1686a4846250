package com.pelagicore.softwarecontainer.undo;

import java.nio.file.Path;

/** A journal that is corrupt or was written by a newer agent; nothing of it may be acted on. */
public final class UnreadableJournal extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UnreadableJournal(Path file, String reason) {
        super("journal " + file + ", " + reason);
    }
}
