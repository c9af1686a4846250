package com.pelagicore.softwarecontainer.undo;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/**
 * What has to be undone for one container, in a file of JSON lines: a header, then undo steps in the order in which
 * they came, and a line behind the steps of each call that went well, which also holds the facts that a later agent
 * needs. Steps behind the last such line are half of a change. Survives the agent; the page cache is enough for that,
 * a reboot undoes nearly all by itself. A line cut off by a crash was announced for a change that was never made, and
 * is dropped. Not thread-safe: the container's lock guards it.
 */
public final class UndoJournal implements AutoCloseable {

    private record Entry(long offset, UndoStep step) {}

    private final JournalFile file;
    private final JournalHeader header;
    private final boolean rebooted;
    private final List<Entry> entries = new ArrayList<>();
    private final Map<String, JsonNode> facts = new LinkedHashMap<>();
    /** Out of turn, by this agent; to do it again would undo what was written on the host since. */
    private final Set<Entry> writtenBack = new HashSet<>();

    private int commits;
    private int committed;
    private long end;

    private UndoJournal(JournalFile file, JournalHeader header, boolean rebooted) {
        this.file = file;
        this.header = header;
        this.rebooted = rebooted;
    }

    /** Into an empty file, which gets the container's name when it has its header. */
    static UndoJournal begin(JournalFile file, JournalHeader header) throws IOException {
        UndoJournal journal = new UndoJournal(file, header, false);
        journal.append(JournalLines.header(header));
        file.rename(header.container());
        return journal;
    }

    /** Goes on in a file that has these lines. */
    static UndoJournal resume(JournalFile file, JournalLines lines, String bootId) {
        boolean rebooted = !lines.header().bootId().equals(bootId);
        UndoJournal journal = new UndoJournal(file, lines.header(), rebooted);
        lines.steps().forEach((offset, step) -> journal.entries.add(new Entry(offset, step)));
        journal.facts.putAll(lines.facts());
        journal.commits = lines.commits();
        journal.committed = lines.committed();
        journal.truncate(lines.end());
        return journal;
    }

    public JournalHeader header() {
        return header;
    }

    /** Whether the host was started anew since: nothing that only the kernel held is there any more. */
    public boolean isOfEarlierBoot() {
        return rebooted;
    }

    /** True if nothing is left to undo. */
    public boolean isEmpty() {
        return entries.isEmpty();
    }

    /** How many steps there are to undo. */
    public int size() {
        return entries.size();
    }

    /** Whether any change was ever finished; if none was, the container itself is half-made. */
    public boolean hasCommits() {
        return commits > 0;
    }

    /** The newest fact of that kind. */
    public Optional<JsonNode> fact(String kind) {
        return Optional.ofNullable(facts.get(kind));
    }

    /** Of all facts. */
    public List<String> factKinds() {
        return List.copyOf(facts.keySet());
    }

    public UndoScope scope(Undoer undoer) {
        return new UndoScope(this, undoer);
    }

    /**
     * Keeps a fact that belongs to no change.
     *
     * @param kind what it is about; takes the place of an earlier one of that kind
     * @throws IllegalStateException while there are steps of half a change, which this would make a whole one
     */
    public void note(String kind, JsonNode value) {
        if (committed < entries.size()) {
            throw new IllegalStateException("half a change is in " + this + ", '" + kind + "' cannot be noted");
        }
        commit(Map.of(kind, value));
    }

    void append(UndoStep step) {
        long offset = end;
        append(JournalLines.step(step));
        entries.add(new Entry(offset, step));
    }

    /** In one write: the steps so far are a whole change, with these facts. */
    void commit(Map<String, JsonNode> established) {
        append(JournalLines.commit(established));
        facts.putAll(established);
        committed = entries.size();
        commits++;
    }

    /** Undoes a change to a running container that an earlier agent did not finish; see {@link #undo}. */
    public void undoUnfinished(Undoer undoer) {
        undo(entries.size() - committed, undoer);
    }

    /** From now on everything is to be undone, and by the next agent if not by this one. */
    public void beginDestroying() {
        try {
            if (!isDestroying()) {
                file.rename(header.container() + Journals.DESTROYING);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public boolean isDestroying() {
        return file.path().toString().endsWith(Journals.DESTROYING);
    }

    /**
     * Undoes everything, newest first, of a container whose processes are gone; see {@link #undo}. Whatever fails, the
     * other buffers are written back: they rely on nothing but that. They stay in the journal behind what failed.
     */
    public void undoAll(Undoer undoer) {
        try {
            undo(entries.size(), undoer, UndoStep::outlivesProcesses);
        } catch (RuntimeException e) {
            writeBackTheRest(undoer, e);
            throw e;
        }
    }

    private void writeBackTheRest(Undoer undoer, RuntimeException cause) {
        List<UndoStep.WriteBack> notDone = new ArrayList<>();
        for (int i = entries.size() - 1; i >= 0; i--) {
            Entry entry = entries.get(i);
            if (entry.step() instanceof UndoStep.WriteBack step && !writtenBack.contains(entry)) {
                boolean failed = i == entries.size() - 1;
                // of two buffers of one place the older one is written back last
                if (failed || notDone.stream().anyMatch(step::meets) || !isDone(step, undoer, cause)) {
                    notDone.add(step);
                } else {
                    writtenBack.add(entry);
                }
            }
        }
    }

    private static boolean isDone(UndoStep step, Undoer undoer, RuntimeException cause) {
        try {
            step.undo(undoer);
            return true;
        } catch (RuntimeException e) {
            cause.addSuppressed(e);
            return false;
        }
    }

    /**
     * Undoes the newest steps; each leaves the journal when it is undone. A step that fails ends it: it and the
     * older ones, which may rely on it (a write-back comes before its buffer is deleted), stay to be run again.
     */
    void undo(int count, Undoer undoer) {
        undo(count, undoer, step -> true);
    }

    private void undo(int count, Undoer undoer, Predicate<UndoStep> due) {
        int oldest = entries.size() - count;
        for (int i = entries.size() - 1; i >= oldest; i--) {
            Entry entry = entries.get(i);
            if (due.test(entry.step()) && !writtenBack.contains(entry)) {
                entry.step().undo(undoer);
            }
            truncate(entries.remove(i).offset());
            committed = Math.min(committed, i);
        }
    }

    /** For a fact that means nothing to the caller. */
    public UnreadableJournal unreadable(RuntimeException cause) {
        UnreadableJournal unreadable = new UnreadableJournal(file.path(), String.valueOf(cause.getMessage()));
        unreadable.initCause(cause);
        return unreadable;
    }

    @Override
    public String toString() {
        return file.path().toString();
    }

    /** Removes the file: nothing is left to undo. */
    public void delete() {
        try {
            file.delete();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void append(byte[] line) {
        try {
            file.write(end, line);
            end += line.length;
        } catch (IOException e) {
            throw new SoftwareContainerException(
                    ErrorKind.HOST_REFUSED, "The journal '" + this + "' cannot be written: " + e.getMessage(), e);
        }
    }

    private void truncate(long offset) {
        try {
            file.truncate(offset);
            end = offset;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
