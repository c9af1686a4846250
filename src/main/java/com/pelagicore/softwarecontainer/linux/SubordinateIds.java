package com.pelagicore.softwarecontainer.linux;

import com.pelagicore.softwarecontainer.spec.IdRange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Ranges of ids that are somebody's: subuid(5) and subgid(5), lines of name, first and count. */
public final class SubordinateIds {

    private record Entry(String name, IdRange ids) {}

    private final List<Entry> users;
    private final List<Entry> groups;

    SubordinateIds(List<String> users, List<String> groups) {
        this.users = entries(users);
        this.groups = entries(groups);
    }

    /** Those of this host; a file that is missing has none. */
    public static SubordinateIds ofHost() {
        return new SubordinateIds(lines(Path.of("/etc/subuid")), lines(Path.of("/etc/subgid")));
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException missing) {
            return List.of();
        }
    }

    private static List<Entry> entries(List<String> lines) {
        List<Entry> entries = new ArrayList<>();
        for (String line : lines) {
            String[] fields = line.strip().split(":", -1);
            try {
                if (fields.length == 3) {
                    IdRange ids = new IdRange(Integer.parseInt(fields[1]), Integer.parseInt(fields[2]));
                    entries.add(new Entry(fields[0], ids));
                }
            } catch (IllegalArgumentException ignored) {
                // not a range that could be ours, or in the way
            }
        }
        return entries;
    }

    /** The first range of this name that is in both files and suffices for a container. */
    public Optional<IdRange> of(String name) {
        return users.stream()
                .filter(entry -> entry.name().equals(name) && groups.contains(entry))
                .map(Entry::ids)
                .filter(ids -> ids.containers() > 0)
                .findFirst();
    }

    /** Who else has ids of this range; names of ours do not count. */
    public Optional<String> conflict(IdRange ids, List<String> ours) {
        List<Entry> all = new ArrayList<>(users);
        all.addAll(groups);
        return all.stream()
                .filter(entry -> !ours.contains(entry.name()) && entry.ids().overlaps(ids))
                .findFirst()
                .map(entry -> "ids " + ids + " for containers overlap those of '" + entry.name() + "' in /etc/subuid"
                        + " or /etc/subgid, " + entry.ids());
    }
}
