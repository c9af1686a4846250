package com.pelagicore.softwarecontainer.rootfs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds and removes what containers left behind that nobody remembers any more. */
final class Leftovers {

    /** Directories of other names in shared-mounts-dir are not containers'. */
    private static final Pattern CONTAINER_NAME = Pattern.compile("SC-[0-9]+");

    private final Mounts mounts;
    private final Trees trees;

    Leftovers(Mounts mounts, Trees trees) {
        this.mounts = mounts;
        this.trees = trees;
    }

    void remove(Path sharedMountsDir, Path containersDir, Set<String> known) {
        for (Path places : unknown(sharedMountsDir, known)) {
            mounts.unmount(places.resolve(RootfsStore.MOUNT_POINT));
            mounts.unmount(places.resolve(RootfsStore.BUFFER));
            trees.delete(places);
        }
        unknown(containersDir, known).forEach(trees::delete);
    }

    private static List<Path> unknown(Path directory, Set<String> known) {
        return entries(directory).stream()
                .filter(entry -> {
                    String name = entry.getFileName().toString();
                    return CONTAINER_NAME.matcher(name).matches() && !known.contains(name);
                })
                .toList();
    }

    /** Templates that the containers there were made from. */
    static Set<Path> templatesInUse(Path containersDir) {
        Set<Path> used = new HashSet<>();
        for (Path container : entries(containersDir)) {
            Path link = container.resolve(RootfsStore.TEMPLATE_LINK);
            if (Files.isSymbolicLink(link)) {
                used.add(target(link));
            }
        }
        return used;
    }

    private static Path target(Path link) {
        try {
            return Files.readSymbolicLink(link);
        } catch (IOException refused) {
            throw HostFiles.refused("read link", link, refused);
        }
    }

    private static List<Path> entries(Path directory) {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.toList();
        } catch (IOException refused) {
            throw HostFiles.refused("list", directory, refused);
        }
    }
}
