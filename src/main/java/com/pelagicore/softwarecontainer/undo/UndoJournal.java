package com.pelagicore.softwarecontainer.undo;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What has to be undone for one container, in a file of JSON lines: a header, then facts and undo steps in the
 * order in which they came. Survives the agent; the page cache is enough for that, a reboot undoes nearly all by
 * itself. A line cut off by a crash was announced for a change that was never made, and is dropped. Not
 * thread-safe: the container's lock guards it.
 */
public final class UndoJournal implements AutoCloseable {

    /** Raised when an older agent could not read the file any more. */
    static final int FORMAT = 1;

    private record Entry(long offset, UndoStep step) {}

    private final Path file;
    private final FileChannel channel;
    private final JournalHeader header;
    private final List<Entry> entries = new ArrayList<>();
    private long end;

    private UndoJournal(Path file, FileChannel channel, JournalHeader header) {
        this.file = file;
        this.channel = channel;
        this.header = header;
    }

    /**
     * Makes the journal of a new container.
     *
     * @throws SoftwareContainerException ALREADY_EXISTS: an earlier container of that name is not undone wholly
     */
    public static UndoJournal create(Path file, JournalHeader header) {
        try {
            FileChannel channel = FileChannel.open(
                    file,
                    Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            UndoJournal journal = new UndoJournal(file, channel, header);
            try {
                journal.appendLine(JournalLines.header(FORMAT, header));
                return journal;
            } catch (RuntimeException e) {
                journal.delete();
                throw e;
            }
        } catch (FileAlreadyExistsException e) {
            throw new SoftwareContainerException(
                    ErrorKind.ALREADY_EXISTS, "The journal '" + file + "' of an earlier container exists", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Opens the journal that an earlier agent left.
     *
     * @throws UnreadableJournal if it is corrupt or newer than this agent
     */
    public static UndoJournal open(Path file) {
        try {
            byte[] content = Files.readAllBytes(file);
            JournalLines lines = JournalLines.parse(file, content, FORMAT);
            FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
            UndoJournal journal = new UndoJournal(file, channel, lines.header());
            journal.truncate(lines.end());
            lines.steps().forEach((offset, step) -> journal.entries.add(new Entry(offset, step)));
            return journal;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public JournalHeader header() {
        return header;
    }

    /** True if nothing is left to undo. */
    public boolean isEmpty() {
        return entries.isEmpty();
    }

    /** How many steps there are to undo. */
    public int size() {
        return entries.size();
    }

    public UndoScope scope(Undoer undoer) {
        return new UndoScope(this, undoer);
    }

    /**
     * Keeps a fact about the container that a later agent needs, but that there is nothing to undo for.
     *
     * @param kind what it is; a later fact of the same kind replaces the earlier one
     */
    public void note(String kind, JsonNode value) {
        appendLine(JournalLines.fact(kind, value));
    }

    void append(UndoStep step) {
        long offset = end;
        appendLine(JournalLines.step(step));
        entries.add(new Entry(offset, step));
    }

    /** Undoes everything, newest first; see {@link #undo}. */
    public void undoAll(Undoer undoer) {
        undo(entries.size(), undoer);
    }

    /**
     * Undoes the newest steps; each leaves the journal when it is undone. A step that fails ends it: it and the
     * older ones, which may rely on it (a write-back comes before its buffer is deleted), stay to be run again.
     */
    void undo(int count, Undoer undoer) {
        int oldest = entries.size() - count;
        for (int i = entries.size() - 1; i >= oldest; i--) {
            entries.get(i).step().undo(undoer);
            truncate(entries.remove(i).offset());
        }
    }

    @Override
    public String toString() {
        return file.toString();
    }

    /** Removes the file: nothing is left to undo. */
    public void delete() {
        try {
            channel.close();
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void appendLine(ObjectNode line) {
        ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
        long start = end;
        try {
            while (bytes.hasRemaining()) {
                end += channel.write(bytes, end);
            }
        } catch (IOException e) {
            end = start;
            throw new SoftwareContainerException(
                    ErrorKind.HOST_REFUSED, "The journal '" + file + "' cannot be written: " + e.getMessage(), e);
        }
    }

    private void truncate(long offset) {
        try {
            channel.truncate(offset);
            end = offset;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
