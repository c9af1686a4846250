package com.pelagicore.softwarecontainer.undo;

/**
 * The changes of one call. Each is announced before it is made; closing without {@link #commit} undoes them,
 * newest first. One thread.
 *
 * <pre>{@code
 * try (UndoScope scope = journal.scope(undoer)) {
 *     scope.announce(new UndoStep.Unmount(target));
 *     mounts.tmpfs(target, size);
 *     scope.commit();
 * }
 * }</pre>
 */
public final class UndoScope implements AutoCloseable {

    private final UndoJournal journal;
    private final Undoer undoer;
    private int announced;
    private boolean committed;

    UndoScope(UndoJournal journal, Undoer undoer) {
        this.journal = journal;
        this.undoer = undoer;
    }

    /** Writes down how to undo a change that is about to be made. */
    public void announce(UndoStep step) {
        journal.append(step);
        announced++;
    }

    /** The changes stay. */
    public void commit() {
        committed = true;
    }

    /**
     * Undoes what was not committed.
     *
     * @throws RuntimeException of a step that could not be undone; it and the older ones stay in the journal
     */
    @Override
    public void close() {
        if (!committed) {
            journal.undo(announced, undoer);
        }
    }
}
