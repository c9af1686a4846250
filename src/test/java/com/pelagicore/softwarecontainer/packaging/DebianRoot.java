package com.pelagicore.softwarecontainer.packaging;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A minimal Debian with what a package depends on, in a directory; changes are gone at the end. Nothing runs in it
 * but what a test runs: that is how an image of a device is built.
 */
final class DebianRoot implements AutoCloseable {

    private static final Duration BUILD = Duration.ofMinutes(9);

    private final Path directory;
    private final Path root;

    private DebianRoot(Path directory) {
        this.directory = directory;
        this.root = directory.resolve("root");
    }

    /**
     * Made once for the same dependencies.
     *
     * @param packages of which the first choices of all dependencies are installed
     */
    static DebianRoot forPackages(DebianPackage... packages) {
        try {
            Path unchanged = unpack(tarball(packages).toString());
            DebianRoot debian = new DebianRoot(Files.createTempDirectory(Path.of("/var/tmp"), "softwarecontainer-it-"));
            debian.mount(unchanged);
            return debian;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Such a Debian, kept by src/test/vm. */
    static Path tarball(DebianPackage... packages) {
        List<String> build = new ArrayList<>(List.of("src/test/vm/rootfs-build"));
        for (DebianPackage each : packages) {
            build.addAll(each.related("Depends"));
        }
        Run built = Run.of(BUILD, build);
        assumeTrue(built.status() == 0, "no Debian to install into, is there a mirror? " + built.output());
        String[] lines = built.output().strip().split("\n");
        return Path.of(lines[lines.length - 1]);
    }

    private static Path unpack(String tarball) throws IOException {
        Path unpacked = Path.of("target/debian-root").toAbsolutePath();
        Path origin = Path.of("target/debian-root.origin");
        if (!Files.exists(origin) || !Files.readString(origin).equals(tarball)) {
            Run.successfully("rm", "-rf", "--one-file-system", unpacked.toString());
            Files.createDirectories(unpacked);
            Run.successfully("tar", "-x", "--zstd", "--numeric-owner", "-C", unpacked.toString(), "-f", tarball);
            Files.writeString(origin, tarball);
        }
        return unpacked;
    }

    private void mount(Path unchanged) throws IOException {
        Files.createDirectory(root);
        Files.createDirectory(directory.resolve("changes"));
        // a file system of its own: the changes may lie on an overlay already
        mount("tmpfs", "tmpfs", directory.resolve("changes"), "size=1g");
        Files.createDirectory(directory.resolve("changes/upper"));
        Files.createDirectory(directory.resolve("changes/work"));
        mount(
                "overlay",
                "overlay",
                root,
                "lowerdir=" + unchanged + ",upperdir=" + directory.resolve("changes/upper") + ",workdir="
                        + directory.resolve("changes/work"));
        mount("proc", "proc", root.resolve("proc"), "ro");
        mount("tmpfs", "tmpfs", root.resolve("run"), "mode=755");
    }

    private static void mount(String type, String source, Path target, String options) {
        Run.successfully("mount", "-t", type, "-o", options, source, target.toString());
    }

    Path path(String absolute) {
        return root.resolve(absolute.substring(1));
    }

    boolean has(String absolute) {
        return Files.exists(path(absolute));
    }

    String read(String absolute) throws IOException {
        return Files.readString(path(absolute));
    }

    /** What a program prints in there that has to succeed. */
    String run(String... command) {
        return attempt(command).orFail(List.of(command));
    }

    /** Runs a program in there that may fail. */
    Run attempt(String... command) {
        List<String> inside = new ArrayList<>(List.of("chroot", root.toString()));
        inside.addAll(List.of(command));
        return Run.of(Duration.ofMinutes(2), inside);
    }

    /** As dpkg installs it: fails if a dependency is missing. */
    String install(DebianPackage deb) throws IOException {
        Path copy = path("/var/tmp/" + deb.file().getFileName());
        Files.copy(deb.file(), copy);
        try {
            return run(
                    "dpkg",
                    "--force-confold",
                    "--force-unsafe-io",
                    "-i",
                    "/var/tmp/" + deb.file().getFileName());
        } finally {
            Files.delete(copy);
        }
    }

    /** Status of a package as dpkg words it, {@code installed} or {@code config-files}. */
    String status(String name) {
        return run("dpkg-query", "-W", "-f", "${db:Status-Status}", name);
    }

    /** All paths, but for what tools write down for themselves. */
    SortedSet<String> files() {
        // of dpkg and of usermod, which keeps a copy
        Set<String> ofTools = Set.of(
                "./var/lib/dpkg",
                "./var/log",
                "./var/cache/debconf",
                "./var/cache/ldconfig",
                "./etc/subuid-",
                "./etc/subgid-",
                "./etc/group-",
                "./etc/gshadow-",
                "./etc/.pwd.lock");
        return Run.successfully("find", root.toString(), "-xdev", "-printf", "./%P\n")
                .lines()
                .filter(path -> ofTools.stream().noneMatch(path::startsWith))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Override
    public void close() {
        for (String mounted : List.of("root", "changes")) {
            Path point = directory.resolve(mounted);
            if (Files.exists(point)) {
                Run.of(Duration.ofSeconds(30), List.of("umount", "-R", point.toString()));
            }
        }
        Run.successfully("rm", "-rf", "--one-file-system", directory.toString());
    }
}
