/**
 * Undo steps, written to the container's journal on disk before each change, run newest first.
 *
 * <p>Rollback, destroy and crash recovery run the same list. Steps are data and idempotent; how the
 * host is changed back is behind {@link com.pelagicore.softwarecontainer.undo.Undoer}. Start at {@link
 * com.pelagicore.softwarecontainer.undo.UndoScope}.
 */
@NullMarked
package com.pelagicore.softwarecontainer.undo;

import org.jspecify.annotations.NullMarked;
