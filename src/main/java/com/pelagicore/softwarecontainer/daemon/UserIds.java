package com.pelagicore.softwarecontainer.daemon;

import com.pelagicore.softwarecontainer.config.DaemonConfig;
import com.pelagicore.softwarecontainer.linux.HostProbe;
import com.pelagicore.softwarecontainer.linux.SubordinateIds;
import com.pelagicore.softwarecontainer.linux.UserNamespaceProbe;
import com.pelagicore.softwarecontainer.linux.UserNamespaces;
import com.pelagicore.softwarecontainer.spec.IdRange;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** User and group ids for containers, and whether they can have files. */
final class UserIds {

    /** For 1024 containers; above what useradd(8) gives to users, a multiple of 65536 as systemd-nspawn has it. */
    private static final IdRange BUILT_IN = new IdRange(0x5000_0000, 1024 * IdRange.PER_CONTAINER);

    /** Whose ids in /etc/subuid are for the agent. */
    private static final List<String> OURS = List.of("softwarecontainer", "root");

    /** What containers see of every host. */
    private static final List<Path> PROGRAMS =
            Stream.of("/usr", "/lib", "/lib64").map(Path::of).toList();

    /** What is mounted into containers lies here as a rule, often on file systems of its own. */
    private static final List<Path> DATA = Stream.of("/home", "/opt", "/run", "/srv", "/tmp", "/var")
            .map(Path::of)
            .toList();

    private final UserNamespaces namespaces = new UserNamespaces();
    private final IdRange range;
    private final UserNamespaceProbe probe;
    private final Optional<String> obstacle;
    private final Set<Path> mappable;

    UserIds(DaemonConfig config, HostProbe host) {
        SubordinateIds given = SubordinateIds.ofHost();
        this.range = config.confinement()
                .idRange()
                .or(() -> OURS.stream().flatMap(name -> given.of(name).stream()).findFirst())
                .orElse(BUILT_IN);
        this.probe = new UserNamespaceProbe(host, namespaces, range.ofContainer(0));
        this.obstacle = config.confinement().legacy()
                ? Optional.of("not wanted")
                : given.conflict(range, OURS)
                        .or(() -> probe.mountedBelow(PROGRAMS))
                        .or(() -> probe.obstacle(config.stateDir(), config.sharedMountsDir()));
        this.mappable =
                obstacle.isPresent() ? Set.of() : probe.mappable(Stream.concat(PROGRAMS.stream(), DATA.stream()));
    }

    IdRange range() {
        return range;
    }

    /** Why containers have no users of their own; empty: they have. */
    Optional<String> obstacle() {
        return obstacle;
    }

    /** What has come since, in the way of containers that are to have users of their own. */
    Optional<String> newObstacle() {
        return obstacle.isPresent()
                ? Optional.empty()
                : probe.mountedBelow(PROGRAMS).map(reason -> reason + "; unmount it, or restart the agent");
    }

    /** Which file systems cannot show their files to them; empty: all of those that are looked at can. */
    Optional<String> unmappable() {
        String directories = Stream.concat(existing(PROGRAMS).stream(), existing(DATA).stream())
                .filter(directory -> !mappable.contains(directory))
                .map(Path::toString)
                .collect(Collectors.joining(", "));
        return obstacle.map(reason -> "there are no user namespaces for it")
                .or(() -> directories.isEmpty() ? Optional.empty() : Optional.of("not with files of " + directories));
    }

    /** Whether users of containers are shown at least the files that every container has. */
    boolean hasMappedPrograms() {
        return mappable.containsAll(existing(PROGRAMS));
    }

    private static List<Path> existing(List<Path> directories) {
        return directories.stream().filter(Files::isDirectory).toList();
    }

    UserNamespaces namespaces() {
        return namespaces;
    }

    SortedMap<Path, Boolean> directories() {
        return existing(PROGRAMS).stream()
                .collect(Collectors.toMap(path -> path, mappable::contains, (a, b) -> a, TreeMap::new));
    }
}
