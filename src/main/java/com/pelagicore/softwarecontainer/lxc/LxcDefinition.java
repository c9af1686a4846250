package com.pelagicore.softwarecontainer.lxc;

import com.pelagicore.softwarecontainer.container.StandardDevices;
import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import java.io.IOException;
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
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The directory {@code LXCPATH/NAME} with the configuration of one container (lxc.container.conf(5)). */
final class LxcDefinition {

    /** Privileges that would undo mounts, devices or limits, or reach beyond the container. */
    private static final String DROPPED_CAPABILITIES =
            "sys_admin sys_module sys_rawio sys_boot sys_time mknod" + " mac_admin mac_override dac_read_search syslog";

    /** All that is ever in the directory; the marker goes last. */
    private static final List<String> FILES = List.of("log", "config");

    /** Program, container, time and source position, then why and what. */
    private static final Pattern ERROR = Pattern.compile(".* ERROR +[^ ]+ - [^ ]+:\\d+ - (.+)");

    private static final Path LOCKS = Path.of("/run/lxc/lock");

    private static final String MARKER = "# made by softwarecontainer-agent, marker ";

    /** Denied at first, as cgroup v1 and v2 begin with all allowed; each reads its own keys and ignores the other's. */
    private static final String DEVICE_RULES = Stream.of("lxc.cgroup.devices.", "lxc.cgroup2.devices.")
            .flatMap(key -> Stream.concat(
                    Stream.of(key + "deny = a\n"),
                    StandardDevices.rules().stream().map(rule -> key + "allow = " + rule + " rw\n")))
            .collect(Collectors.joining());

    private static final String CGROUP_PARENT = "lxc.cgroup.dir = %s\n";

    private static final String TEMPLATE =
            """
            lxc.uts.name = contained
            lxc.rootfs.path = dir:%s
            lxc.init.cmd = /sbin/init
            lxc.signal.halt = SIGKILL
            lxc.autodev = 1
            lxc.tty.max = 0
            lxc.pty.max = 256
            lxc.console.path = none
            lxc.cap.drop = %s
            lxc.net.0.type = empty
            lxc.net.0.flags = up
            lxc.mount.auto = proc:mixed sys:mixed
            lxc.mount.entry = /usr usr none bind,ro 0 0
            lxc.mount.entry = /lib lib none bind,ro 0 0
            lxc.mount.entry = /lib64 lib64 none bind,ro,optional 0 0
            lxc.mount.entry = shm dev/shm tmpfs nosuid,nodev,create=dir 0 0
            """;

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
    void write(Path rootfs, String marker, Optional<String> cgroupParent) {
        try {
            Path unfinished = unfinished(marker);
            Files.createDirectories(directory.getParent());
            Files.createDirectory(
                    unfinished, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxrwx---")));
            Files.writeString(
                    unfinished.resolve("config"),
                    MARKER + marker + "\n"
                            + cgroupParent.map(CGROUP_PARENT::formatted).orElse("")
                            + TEMPLATE.formatted(rootfs, DROPPED_CAPABILITIES) + DEVICE_RULES);
            Files.move(unfinished, directory);
        } catch (FileAlreadyExistsException e) {
            throw new SoftwareContainerException(
                    ErrorKind.ALREADY_EXISTS, "'" + directory + "' exists and is not of this agent", e);
        } catch (IOException e) {
            throw new SoftwareContainerException(
                    ErrorKind.HOST_REFUSED, "The LXC configuration '" + directory + "' cannot be written: " + e, e);
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
        String key = CGROUP_PARENT.substring(0, CGROUP_PARENT.indexOf('%'));
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
