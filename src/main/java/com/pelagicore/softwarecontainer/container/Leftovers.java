package com.pelagicore.softwarecontainer.container;

import com.pelagicore.softwarecontainer.undo.UndoJournal;
import com.pelagicore.softwarecontainer.undo.Undoer;
import com.pelagicore.softwarecontainer.undo.UnreadableJournal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Containers of an earlier agent, found by their journals. What has no journal, or one that cannot be read, is
 * not touched.
 */
public final class Leftovers {

    private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);

    private static final String QUARANTINED = ".quarantined";

    private final Path journalDirectory;
    private final Undoer undoer;

    public Leftovers(Path journalDirectory, Undoer undoer) {
        this.journalDirectory = journalDirectory;
        this.undoer = undoer;
    }

    /**
     * Stops and removes all of them, and writes their buffers back.
     *
     * @return names of the containers whose trees must be left alone: those that could not be removed wholly,
     *     whose journals stay, and those of quarantined journals, also of earlier ones
     */
    public Set<String> destroy() {
        return files().stream()
                .filter(file -> isQuarantined(file) || !destroy(file))
                .map(Leftovers::containerName)
                .collect(Collectors.toSet());
    }

    private static boolean isQuarantined(Path file) {
        return file.toString().endsWith(QUARANTINED);
    }

    private static String containerName(Path file) {
        String name = file.getFileName().toString();
        return isQuarantined(file) ? name.substring(0, name.length() - QUARANTINED.length()) : name;
    }

    private List<Path> files() {
        try (Stream<Path> files = Files.list(journalDirectory)) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** False: what the journal stands for is still there. */
    private boolean destroy(Path file) {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            LOG.warn("'{}' is not a journal, ignoring", file);
            return true;
        }
        try {
            UndoJournal journal = UndoJournal.open(file);
            undoer.stopContainer(journal.header().container(), journal.header().marker());
            journal.undoAll(undoer);
            journal.delete();
            LOG.info(
                    "container {} of an earlier agent destroyed",
                    journal.header().container());
            return true;
        } catch (UnreadableJournal e) {
            quarantine(file, e);
            return false;
        } catch (RuntimeException e) {
            LOG.error("container {} of an earlier agent could not be destroyed wholly", file.getFileName(), e);
            return false;
        }
    }

    private static void quarantine(Path file, UnreadableJournal reason) {
        Path aside = file.resolveSibling(file.getFileName() + QUARANTINED);
        LOG.error("{}; moved to '{}', what it stands for is left alone", reason.getMessage(), aside);
        try {
            Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
