package com.pelagicore.softwarecontainer.rootfs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Deletes trees that nobody else touches; remembers what was to be written back. */
public final class FakeTrees implements Trees {

    /** One line per call, oldest first. */
    public final List<String> writtenBack = new ArrayList<>();

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

    @Override
    public void writeBack(Path upper, Path lower) {
        writtenBack.add(upper + " to " + lower);
    }
}
