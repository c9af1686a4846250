package com.pelagicore.softwarecontainer.packaging;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A package that was built. */
record DebianPackage(Path file) {

    static final String SHARED = "softwarecontainer";
    static final String STANDALONE = "softwarecontainer-standalone";

    private static final Path PACKAGES = Path.of("target/packages");

    /** A test without it is skipped. */
    static DebianPackage built(String name) {
        List<Path> found = new ArrayList<>();
        if (Files.isDirectory(PACKAGES)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(PACKAGES, name + "_*.deb")) {
                files.forEach(found::add);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        assumeTrue(found.size() == 1, "no package " + name + " in " + PACKAGES + "; bin/package builds it");
        return new DebianPackage(found.get(0).toAbsolutePath());
    }

    static Path sbom() {
        return PACKAGES.resolve("softwarecontainer.cdx.json");
    }

    String field(String name) {
        return Run.successfully("dpkg-deb", "-f", file.toString(), name).strip();
    }

    /** Of a relation such as Depends, in order, each without version and with the first choice only. */
    List<String> related(String field) {
        List<String> names = new ArrayList<>();
        for (String each : field(field).split(",")) {
            names.add(each.strip().split("[ |]")[0]);
        }
        return names;
    }

    /** Absolute paths, each with permissions and owner as in {@code -rw-r--r-- root/root}; directories end in a slash. */
    Map<String, String> content() {
        Map<String, String> content = new TreeMap<>();
        Run.successfully("dpkg-deb", "-c", file.toString()).lines().forEach(line -> {
            String[] columns = line.split(" +", 6);
            content.put(columns[5].substring(1).replaceFirst(" -> .*", ""), columns[0] + " " + columns[1]);
        });
        return content;
    }

    /** A file of the control archive, or the empty text. */
    String control(Path directory, String name) throws IOException {
        Run.successfully("dpkg-deb", "-e", file.toString(), directory.toString());
        Path wanted = directory.resolve(name);
        return Files.exists(wanted) ? Files.readString(wanted) : "";
    }

    /** The same package with another version, as an earlier release would have been. */
    DebianPackage withVersion(String version, Path directory) throws IOException {
        Path tree = directory.resolve("tree");
        Path other = directory.resolve(version + ".deb");
        Run.successfully("dpkg-deb", "-R", file.toString(), tree.toString());
        Path control = tree.resolve("DEBIAN/control");
        Files.writeString(control, Files.readString(control).replaceFirst("(?m)^Version: .*", "Version: " + version));
        Run.successfully("dpkg-deb", "-Znone", "-b", tree.toString(), other.toString());
        return new DebianPackage(other);
    }
}
