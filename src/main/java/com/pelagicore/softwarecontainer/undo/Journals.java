package com.pelagicore.softwarecontainer.undo;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import com.pelagicore.softwarecontainer.spec.Confinement;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * The journals of all containers. The name of a file tells what it is:
 *
 * <pre>
 * SC-7               of a container
 * SC-7.destroying    of one whose Destroy has begun: there is no way back
 * SC-7.new           of one that was about to be made: nothing has happened
 * SC-7.quarantined   cannot be read; what it stands for is left alone
 * </pre>
 *
 * Thread-safe for different containers.
 */
public final class Journals {

    static final String DESTROYING = ".destroying";
    private static final String NEW = ".new";
    private static final String QUARANTINED = ".quarantined";
    private static final Pattern NAME = Pattern.compile("(SC-[0-9]+)(\\" + DESTROYING + ")?");

    private final Path directory;
    private final String bootId;
    private final JournalFile.Source source;

    /**
     * Changes nothing.
     *
     * @param directory existing, private to the agent
     * @param bootId random(4) /proc/sys/kernel/random/boot_id
     */
    public Journals(Path directory, String bootId, JournalFile.Source source) {
        this.directory = directory;
        this.bootId = bootId;
        this.source = source;
    }

    /**
     * Makes the journal of a new container.
     *
     * @param options of the container, in the caller's format
     * @param confinement as in {@link JournalHeader}
     * @throws SoftwareContainerException ALREADY_EXISTS: an earlier container of that name is not undone wholly
     */
    public UndoJournal create(String container, JsonNode options, Confinement confinement) {
        for (String suffix : List.of("", DESTROYING, QUARANTINED, DESTROYING + QUARANTINED)) {
            Path earlier = directory.resolve(container + suffix);
            if (Files.exists(earlier, LinkOption.NOFOLLOW_LINKS)) {
                throw new SoftwareContainerException(
                        ErrorKind.ALREADY_EXISTS, "The journal '" + earlier + "' of an earlier container exists");
            }
        }
        JournalHeader header =
                new JournalHeader(container, bootId, UUID.randomUUID().toString(), options, confinement);
        try {
            JournalFile file = source.create(directory.resolve(container + NEW));
            try {
                return UndoJournal.begin(file, header);
            } catch (IOException | RuntimeException e) {
                file.delete();
                throw e;
            }
        } catch (IOException e) {
            throw new SoftwareContainerException(
                    ErrorKind.HOST_REFUSED, "The journal of " + container + " cannot be written: " + e, e);
        }
    }

    /** All that an earlier agent left, sorted by name, but journals that nothing stands for: they are gone. */
    public List<Path> leftovers() {
        try (Stream<Path> all = Files.list(directory)) {
            List<Path> files = all.sorted().toList();
            for (Path file : files) {
                if (file.toString().endsWith(NEW) && isFile(file)) {
                    Files.delete(file);
                }
            }
            return files.stream()
                    .filter(file -> !file.toString().endsWith(NEW) && !isQuarantined(file))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Which container a file is about; empty: by its name it is no journal. */
    public static Optional<String> containerOf(Path path) {
        Matcher name = NAME.matcher(path.getFileName().toString());
        return name.matches() ? Optional.of(name.group(1)) : Optional.empty();
    }

    /**
     * Opens the journal that an earlier agent left.
     *
     * @throws UnreadableJournal if it is corrupt or newer than this agent
     */
    public UndoJournal open(Path path) {
        if (!isFile(path)) {
            throw new UnreadableJournal(path, "which is not a plain file");
        }
        try {
            JournalLines lines = JournalLines.parse(path, Files.readAllBytes(path));
            String about = lines.header().container();
            if (!containerOf(path).equals(Optional.of(about))) {
                throw new UnreadableJournal(path, "line 1: this is the journal of " + about);
            }
            return UndoJournal.resume(source.open(path), lines, bootId);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Moves a journal aside, or what stands in its place; returns where to. */
    public Path quarantine(Path path) {
        try {
            return Files.move(path, path.resolveSibling(path.getFileName() + QUARANTINED));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Names of the containers whose journals are quarantined. */
    public Set<String> quarantined() {
        try (Stream<Path> all = Files.list(directory)) {
            return all.filter(Journals::isQuarantined)
                    .map(file -> file.getFileName().toString())
                    .map(name -> name.substring(0, name.indexOf('.')))
                    .collect(Collectors.toSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isQuarantined(Path file) {
        return file.toString().endsWith(QUARANTINED);
    }

    private static boolean isFile(Path file) {
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
    }
}
