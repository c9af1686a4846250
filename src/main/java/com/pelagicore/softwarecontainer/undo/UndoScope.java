package com.pelagicore.softwarecontainer.undo;

import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

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
    private final Map<String, JsonNode> facts = new LinkedHashMap<>();
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

    /**
     * Keeps a fact with the changes, if they stay.
     *
     * @param kind what it is about; takes the place of an earlier one of that kind
     */
    public void note(String kind, JsonNode value) {
        facts.put(kind, value);
    }

    /**
     * The changes stay.
     *
     * @throws com.pelagicore.softwarecontainer.error.SoftwareContainerException HOST_REFUSED: they do not, as that
     *     cannot be written down
     */
    public void commit() {
        journal.commit(facts);
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
