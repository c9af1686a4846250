package com.pelagicore.softwarecontainer.linux;

import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import com.pelagicore.softwarecontainer.spec.IdRange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Tries what containers with users of their own need; leaves nothing behind. */
public final class UserNamespaceProbe {

    /** The first that takes mapped layers of an overlay. */
    private static final int OLDEST_MAJOR = 5;

    private static final int OLDEST_MINOR = 19;

    private final HostProbe host;
    private final UserNamespaces namespaces;
    private final IdRange ids;

    /**
     * For a look at the host.
     *
     * @param ids of one container
     */
    public UserNamespaceProbe(HostProbe host, UserNamespaces namespaces, IdRange ids) {
        this.host = host;
        this.namespaces = namespaces;
        this.ids = ids;
    }

    /**
     * Why there can be no such containers.
     *
     * @param lower where the template is or will be
     * @param mountPoints above those of the roots
     */
    public Optional<String> obstacle(Path lower, Path mountPoints) {
        return host.olderThan(OLDEST_MAJOR, OLDEST_MINOR)
                .or(this::refusal)
                .or(() -> canMap(existing(lower))
                        ? Optional.empty()
                        : Optional.of("the file system of '" + lower + "' cannot be mapped to users of a container"))
                .or(() -> closed(mountPoints));
    }

    /**
     * Why users of a container cannot be shown these directories: the kernel lets nobody look below what is mounted
     * in them, and LXC binds them from within the container's namespaces, where it would have to.
     */
    public Optional<String> mountedBelow(Collection<Path> directories) {
        try {
            return Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
                    .map(line -> Path.of(line.split(" ", 6)[4]))
                    .flatMap(place -> directories.stream()
                            .filter(directory -> place.startsWith(directory) && !place.equals(directory))
                            .map(directory -> "'" + place + "' is mounted below '" + directory
                                    + "', which then cannot be shown to users of a container"))
                    .findFirst();
        } catch (IOException unreadable) {
            return Optional.of("mounts cannot be looked at: " + unreadable);
        }
    }

    private Optional<String> refusal() {
        try {
            namespaces.of(ids);
            return Optional.empty();
        } catch (SoftwareContainerException refused) {
            return Optional.of(String.valueOf(refused.getMessage()));
        }
    }

    /** Whether files there can be shown to users of a container as its own. */
    public boolean canMap(Path directory) {
        try (Descriptor mount = DetachedMount.ofFileSystem(directory)) {
            return DetachedMount.map(mount, namespaces.of(ids), 0);
        } catch (SoftwareContainerException refused) {
            return false;
        }
    }

    /** Those of the directories that exist and can be mapped. */
    public Set<Path> mappable(Stream<Path> directories) {
        return directories.filter(Files::isDirectory).filter(this::canMap).collect(Collectors.toSet());
    }

    private static Path existing(Path path) {
        Path existing = path;
        while (!Files.isDirectory(existing)) {
            existing = existing.resolveSibling("");
        }
        return existing;
    }

    /** LXC reaches the root of a container as its users: who is nobody on the host must get there. */
    private static Optional<String> closed(Path mountPoints) {
        for (Path step = existing(mountPoints); step != null; step = step.getParent()) {
            try {
                if (((int) Files.getAttribute(step, "unix:mode", LinkOption.NOFOLLOW_LINKS) & 1) == 0) {
                    return Optional.of("'" + step + "' can be entered by root only (chmod o+x)");
                }
            } catch (IOException unreadable) {
                return Optional.of("'" + step + "' cannot be looked at: " + unreadable);
            }
        }
        return Optional.empty();
    }
}
