package com.pelagicore.softwarecontainer.system;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * What of the host an agent may change: mounts, network links, processes, cgroups, files. Each thing is one line of
 * text; {@link #assertRestored} names those that are new or gone.
 */
record HostSnapshot(List<Path> trees, SortedMap<String, SortedSet<String>> things) {

    /** The kernel and LXC's monitor tidy up shortly after the last process of a container is gone. */
    private static final Duration AFTERMATH = Duration.ofSeconds(5);

    private static final Pattern NAMES_OF_OURS = Pattern.compile("(?i).*(softwarecontainer|sc-[0-9]|lxc|jna).*");
    /** Directories of other tests and demos that run on this host; who makes one also sees that it goes. */
    private static final Pattern NAMES_OF_OTHERS = Pattern.compile("softwarecontainer-(it-)?[A-Za-z0-9]+|lxc");

    /** The monitors of all containers of a host go there before they remove their own group, and it stays. */
    private static final String LXC_OWN = "lxc.pivot";

    /**
     * Looks at the host.
     *
     * @param trees directories whose files are looked at one by one, in addition to the usual places
     */
    static HostSnapshot take(Path... trees) {
        return take(List.of(trees));
    }

    /** Fails if something is there that was not, or the other way round. */
    void assertRestored() {
        long deadline = System.nanoTime() + AFTERMATH.toNanos();
        List<String> differences = differences(take(trees));
        while (!differences.isEmpty() && System.nanoTime() < deadline) {
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
            // only what stays different: others work on this host as well
            List<String> now = differences(take(trees));
            differences.retainAll(now);
        }
        if (!differences.isEmpty()) {
            throw new AssertionError("the host is not as it was:\n" + String.join("\n", differences));
        }
    }

    private static HostSnapshot take(List<Path> trees) {
        SortedMap<String, SortedSet<String>> things = new TreeMap<>();
        things.put("mount", mounts());
        things.put("link", names(new File("/sys/class/net"), name -> true));
        things.put("process", processes());
        things.put("cgroup", cgroups());
        things.put("file", files(trees));
        return new HostSnapshot(trees, things);
    }

    private List<String> differences(HostSnapshot now) {
        List<String> all = new ArrayList<>();
        things.forEach((kind, before) -> {
            SortedSet<String> after = now.things.getOrDefault(kind, new TreeSet<>());
            after.stream()
                    .filter(each -> !before.contains(each))
                    .forEach(each -> all.add("  new " + kind + ": " + each));
            before.stream()
                    .filter(each -> !after.contains(each) && !mayEndByItself(kind, each))
                    .forEach(each -> all.add("  lost " + kind + ": " + each));
        });
        return all;
    }

    /** Containers of others come and go. */
    private boolean mayEndByItself(String kind, String thing) {
        boolean watched = trees.stream().anyMatch(tree -> thing.startsWith(tree.toString()));
        return !watched
                && (kind.equals("process") || NAMES_OF_OURS.matcher(thing).matches());
    }

    /** Without the ids, which change when a mount is made again. */
    private static SortedSet<String> mounts() {
        SortedMap<String, Integer> counts = new TreeMap<>();
        for (String line : read(Path.of("/proc/self/mountinfo")).split("\n")) {
            String[] parts = line.split(" ", 6);
            String type = line.substring(line.indexOf(" - ") + 3);
            counts.merge(parts[4] + " from " + parts[3] + " (" + type + ")", 1, Integer::sum);
        }
        return counted(counts);
    }

    /** Those in other pid namespaces, and those that an agent under test started. */
    private static SortedSet<String> processes() {
        SortedMap<String, Integer> counts = new TreeMap<>();
        for (String pid : names(new File("/proc"), name -> name.chars().allMatch(Character::isDigit))) {
            Path process = Path.of("/proc", pid);
            String command = read(process.resolve("cmdline")).replace('\0', ' ').trim();
            if (isContained(process) || read(process.resolve("environ")).contains(AgentLaunch.MARK)) {
                counts.merge(command, 1, Integer::sum);
            }
        }
        return counted(counts);
    }

    private static boolean isContained(Path process) {
        try {
            Path own = Files.readSymbolicLink(Path.of("/proc/self/ns/pid"));
            return !Files.readSymbolicLink(process.resolve("ns/pid")).equals(own);
        } catch (IOException e) {
            return false; // it ended
        }
    }

    /** Those of services of the host come and go. */
    private static SortedSet<String> cgroups() {
        SortedSet<String> all = directories(new File("/sys/fs/cgroup"));
        all.removeIf(path -> !NAMES_OF_OURS.matcher(path).matches());
        return all;
    }

    private static SortedSet<String> files(List<Path> trees) {
        SortedSet<String> all = new TreeSet<>();
        for (String place :
                List.of("/run", "/tmp", "/dev/shm", "/var/lib", "/var/lib/lxc", "/var/lib/softwarecontainer")) {
            for (String name : names(new File(place), HostSnapshot::isOurs)) {
                all.add(place + "/" + name);
            }
        }
        all.addAll(directories(new File("/run/netns")));
        trees.forEach(tree -> addTree(tree.toFile(), all));
        return all;
    }

    private static void addTree(File place, SortedSet<String> all) {
        all.add(place.getPath());
        // a mount point's content belongs to somebody else
        if (Files.isDirectory(place.toPath(), LinkOption.NOFOLLOW_LINKS)) {
            for (File each : children(place)) {
                addTree(each, all);
            }
        }
    }

    private static SortedSet<String> directories(File place) {
        SortedSet<String> all = new TreeSet<>();
        for (File each : children(place)) {
            if (each.isDirectory()
                    && !Files.isSymbolicLink(each.toPath())
                    && !each.getName().equals(LXC_OWN)) {
                all.add(each.getPath());
                all.addAll(directories(each));
            }
        }
        return all;
    }

    private static SortedSet<String> names(File place, Predicate<String> wanted) {
        SortedSet<String> names = new TreeSet<>();
        Arrays.stream(children(place)).map(File::getName).filter(wanted).forEach(names::add);
        return names;
    }

    /** Nothing of what is gone meanwhile. */
    private static File[] children(File place) {
        File[] all = place.listFiles();
        return all == null ? new File[0] : all;
    }

    private static SortedSet<String> counted(Map<String, Integer> counts) {
        SortedSet<String> lines = new TreeSet<>();
        counts.forEach((line, count) -> lines.add(count == 1 ? line : line + " (" + count + " times)"));
        return lines;
    }

    private static String read(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return ""; // it is gone
        }
    }

    private static boolean isOurs(String name) {
        return NAMES_OF_OURS.matcher(name).matches()
                && !NAMES_OF_OTHERS.matcher(name).matches();
    }
}
