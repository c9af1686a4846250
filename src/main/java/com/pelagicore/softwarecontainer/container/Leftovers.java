package com.pelagicore.softwarecontainer.container;

import com.pelagicore.softwarecontainer.undo.Journals;
import com.pelagicore.softwarecontainer.undo.UndoJournal;
import com.pelagicore.softwarecontainer.undo.UnreadableJournal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Containers of an earlier agent, found by their journals. What has no journal, or one that cannot be read, is
 * not touched.
 */
final class Leftovers {

    private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);

    private final ContainerHost host;
    private final Set<String> spared = new HashSet<>();

    Leftovers(ContainerHost host) {
        this.host = host;
    }

    /** A container that an earlier agent made, or was making, or destroying. */
    record Leftover(UndoJournal journal, JournalFacts facts) {

        String name() {
            return journal.header().container();
        }

        String marker() {
            return journal.header().marker();
        }

        /** Its Create was answered, or about to be. */
        boolean isKnown() {
            return journal.hasCommits() || journal.isDestroying();
        }
    }

    /** All whose journals can be read; the others are put aside. */
    List<Leftover> read() {
        List<Leftover> all = new ArrayList<>();
        for (Path file : host.journals().leftovers()) {
            if (Journals.containerOf(file).isEmpty()) {
                LOG.warn("'{}' is not a journal, ignoring", file);
            } else {
                read(file).ifPresent(all::add);
            }
        }
        spared.addAll(host.journals().quarantined());
        return all;
    }

    private Optional<Leftover> read(Path file) {
        try {
            return Optional.of(leftover(host.journals().open(file)));
        } catch (UnreadableJournal e) {
            Path aside = host.journals().quarantine(file);
            LOG.error("{}; moved to '{}', what it stands for is left alone", e.getMessage(), aside);
            return Optional.empty();
        }
    }

    private static Leftover leftover(UndoJournal journal) {
        try {
            return new Leftover(journal, JournalFacts.of(journal));
        } catch (UnreadableJournal e) {
            journal.close();
            throw e;
        }
    }

    /** Names of containers whose trees must be left alone: quarantined ones, and what could not be removed wholly. */
    Set<String> spared() {
        return Set.copyOf(spared);
    }

    /**
     * Stops and removes one, and writes its buffers back.
     *
     * @return false: it could not be removed wholly, and its journal stays
     */
    boolean destroy(Leftover leftover) {
        UndoJournal journal = leftover.journal();
        try {
            if (leftover.isKnown()) {
                journal.beginDestroying();
            } else {
                host.runtime().awaitStart(leftover.name());
            }
            host.undoer().stopContainer(leftover.name(), leftover.marker());
            requireStopped(leftover);
            journal.undoAll(host.undoer());
            journal.delete();
            LOG.info("container {} of an earlier agent destroyed", leftover.name());
            return true;
        } catch (RuntimeException e) {
            LOG.error("container {} of an earlier agent could not be destroyed wholly", leftover.name(), e);
            spared.add(leftover.name());
            return false;
        }
    }

    private static void requireStopped(Leftover leftover) {
        if (!leftover.journal().isOfEarlierBoot()) {
            leftover.facts().init().ifPresent(LifeSign::requireGone);
        }
    }
}
