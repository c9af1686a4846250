package com.pelagicore.softwarecontainer.linux;

import com.pelagicore.softwarecontainer.busfilter.ControlRequest;
import com.pelagicore.softwarecontainer.config.UserIds;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How to start the filter: the Java and the jar that this agent runs, with a smaller heap.
 *
 * @param mainClass of the filter
 * @param user uid that it runs as
 * @param otherUsers whom it may be for the time of a connect(2); if there are any, it runs in a user namespace that
 *     has these users and no others, and root least of all
 */
public record FilterProgram(String mainClass, int user, UserIds otherUsers) {

    private static final String JNA_PATH = "jna.boot.library.path";

    /** What filters have in common that do the same: protocol, program and user. */
    String identity() {
        Path code = Path.of(System.getProperty("java.class.path").split(":", 2)[0]);
        try {
            BasicFileAttributes file = Files.readAttributes(code, BasicFileAttributes.class);
            return String.join(
                    " ",
                    Integer.toString(ControlRequest.VERSION),
                    file.lastModifiedTime().toString(),
                    Long.toString(file.size()),
                    Integer.toString(user),
                    otherUsers.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<String> command(Path control) {
        String classPath = System.getProperty("java.class.path");
        // of util-linux; from inside they would reach one thread of the JVM only
        List<String> command = new ArrayList<>();
        if (!otherUsers.ranges().isEmpty()) {
            command.addAll(List.of("unshare", "--user", "--keep-caps", "--"));
        }
        command.addAll(List.of("setpriv", "--no-new-privs"));
        if (!otherUsers.ranges().isEmpty()) {
            Stream.of("--inh-caps", "--ambient-caps", "--bounding-set")
                    .forEach(set -> command.add(set + "=-all,+setuid,+setgid"));
        }
        command.addAll(List.of(
                "--",
                ProcessHandle.current().info().command().orElse("java"),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xms4m",
                "-Xmx24m",
                "-Xss512k",
                "-XX:MaxDirectMemorySize=256m",
                "-XX:ReservedCodeCacheSize=16m",
                "-XX:+ExitOnOutOfMemoryError",
                "-XX:-UsePerfData",
                // a warning of the JVM would be taken for the filter's first line
                "-XX:+DisplayVMOutputToStderr",
                "--enable-native-access=ALL-UNNAMED",
                // JNA would run ldconfig(8) to learn where libraries are; the C library is there already
                "-Djna.platform.library.path="));
        Optional.ofNullable(System.getProperty(JNA_PATH)).ifPresent(path -> command.add("-D" + JNA_PATH + "=" + path));
        ClassArchive.path()
                .ifPresent(archive -> command.addAll(List.of(
                        "-Xshare:auto",
                        "-XX:SharedArchiveFile=" + archive,
                        "-Xlog:cds=off",
                        // as in bin/softwarecontainer-agent: else its pages could not be shared with the agent
                        "-XX:+IgnoreUnrecognizedVMOptions",
                        "-XX:+UnlockDiagnosticVMOptions",
                        "-XX:ArchiveRelocationMode=0")));
        command.addAll(List.of("-cp", classPath, mainClass, control.toString(), Integer.toString(user), identity()));
        if (!otherUsers.ranges().isEmpty()) {
            command.add(FilterLaunch.USERS);
        }
        return List.copyOf(command);
    }
}
