package com.pelagicore.softwarecontainer.lxc;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import com.pelagicore.softwarecontainer.spec.Confinement;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The directory {@code LXCPATH/NAME} with the configuration of one container (lxc.container.conf(5)). */
final class LxcDefinition {

    private static final String SECCOMP = "seccomp";
    private static final String DENYLIST = "/seccomp-denylist";

    /** All that is ever in the directory; the marker goes last. */
    private static final List<String> FILES = List.of("log", SECCOMP, "config");

    /** Program, container, time and source position, then why and what. */
    private static final Pattern ERROR = Pattern.compile(".* ERROR +[^ ]+ - [^ ]+:\\d+ - (.+)");

    private static final Path LOCKS = Path.of("/run/lxc/lock");

    private static final String MARKER = "# made by softwarecontainer-agent, marker ";

    static final String CGROUP_PARENT = "lxc.cgroup.dir";

    private final Path directory;

    LxcDefinition(Path lxcPath, String name) {
        this.directory = lxcPath.resolve(name);
    }

    /** Where LXC's tools log what went wrong with this container. */
    Path log() {
        return directory.resolve("log");
    }

    /** liblxc makes it when the container is first opened, and never removes it (lxclock.c of liblxc 5.0). */
    private Path lock() {
        return LOCKS.resolve("." + directory.getParent()).resolve("." + directory.getFileName());
    }

    private Path config() {
        return directory.resolve("config");
    }

    private Path unfinished(String marker) {
        return directory.resolveSibling(directory.getFileName() + "." + marker);
    }

    /** Writes aside and renames, so that a directory of that name is either complete and ours, or not ours. */
    void write(Path rootfs, String marker, Confinement confinement, LxcHost host) {
        try {
            Path unfinished = unfinished(marker);
            Files.createDirectories(directory.getParent());
            Files.createDirectory(
                    unfinished, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxrwx---")));
            if (confinement.systemCallFilter()) {
                Files.write(unfinished.resolve(SECCOMP), denylist());
            }
            Files.writeString(
                    unfinished.resolve("config"),
                    MARKER + marker + "\n"
                            + LxcConfiguration.of(rootfs, directory.resolve(SECCOMP), confinement, host));
            Files.move(unfinished, directory);
        } catch (FileAlreadyExistsException e) {
            throw new SoftwareContainerException(
                    ErrorKind.ALREADY_EXISTS, "'" + directory + "' exists and is not of this agent", e);
        } catch (IOException e) {
            throw new SoftwareContainerException(
                    ErrorKind.HOST_REFUSED, "The LXC configuration '" + directory + "' cannot be written: " + e, e);
        }
    }

    private static byte[] denylist() throws IOException {
        try (InputStream resource = LxcDefinition.class.getResourceAsStream(DENYLIST)) {
            if (resource == null) {
                throw new IllegalStateException("the build lacks " + DENYLIST);
            }
            return resource.readAllBytes();
        }
    }

    boolean carries(String marker) {
        try {
            return !Files.isSymbolicLink(directory)
                    && Files.isRegularFile(config(), LinkOption.NOFOLLOW_LINKS)
                    && Files.readString(config()).startsWith(MARKER + marker + "\n");
        } catch (IOException e) {
            return false;
        }
    }

    /** The control group in which LXC makes those of the container; empty: its own place, or nothing is written. */
    String cgroupParent() {
        String key = CGROUP_PARENT + " = ";
        try (Stream<String> lines = Files.lines(config())) {
            return lines.filter(line -> line.startsWith(key))
                    .map(line -> line.substring(key.length()))
                    .findFirst()
                    .orElse("");
        } catch (IOException | UncheckedIOException e) {
            return "";
        }
    }

    /** Removes what {@link #write} made, if it carries the marker; anything else stays. */
    void remove(String marker) {
        try {
            delete(unfinished(marker));
            if (carries(marker)) {
                Files.deleteIfExists(lock());
                delete(directory);
            }
        } catch (IOException e) {
            throw new SoftwareContainerException(
                    ErrorKind.HOST_REFUSED, "The LXC configuration '" + directory + "' cannot be removed: " + e, e);
        }
    }

    private static void delete(Path directory) throws IOException {
        for (String file : FILES) {
            Files.deleteIfExists(directory.resolve(file));
        }
        Files.deleteIfExists(directory);
    }

    /** First error in the log, without time stamps and source positions; empty: there is none. */
    Optional<String> firstError() {
        try (Stream<String> lines = Files.lines(log())) {
            return lines.map(ERROR::matcher)
                    .filter(Matcher::matches)
                    .map(error -> error.group(1))
                    .findFirst();
        } catch (IOException | UncheckedIOException e) {
            return Optional.empty();
        }
    }
}
