package com.pelagicore.softwarecontainer.rootfs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/** Works on trees of plain files that nobody else touches; remembers what was written back. */
public final class FakeTrees implements Trees {

    /** One line per call, oldest first. */
    public final List<String> writtenBack = new CopyOnWriteArrayList<>();

    @Override
    public void delete(Path root) {
        try (Stream<Path> entries = Files.walk(root)) {
            for (Path entry : entries.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(entry);
            }
        } catch (java.nio.file.NoSuchFileException missing) {
            return;
        } catch (IOException refused) {
            throw new UncheckedIOException(refused);
        }
    }

    void deleteBelow(Path directory) {
        try (Stream<Path> entries = Files.list(directory)) {
            entries.toList().forEach(this::delete);
        } catch (IOException refused) {
            throw new UncheckedIOException(refused);
        }
    }

    @Override
    public void writeBack(Path upper, Path lower) {
        try (Stream<Path> files = Files.walk(upper)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path target = lower.resolve(upper.relativize(file));
                Files.createDirectories(target.resolveSibling(""));
                Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException refused) {
            throw new UncheckedIOException(refused);
        }
        writtenBack.add(upper + " to " + lower);
    }
}
