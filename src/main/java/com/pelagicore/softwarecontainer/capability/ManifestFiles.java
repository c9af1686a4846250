package com.pelagicore.softwarecontainer.capability;

import com.pelagicore.softwarecontainer.config.Problem;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Finds the manifests that a configured path stands for. */
final class ManifestFiles {

    private static final String SUFFIX = ".json";

    private ManifestFiles() {}

    /**
     * The file itself, or the {@code *.json} entries of the directory, whatever they are, sorted by byte
     * value; sub-directories are not entered.
     *
     * @param path empty: no manifests
     */
    static List<Path> of(Path path, Consumer<Problem> problems) {
        if (path.toString().isEmpty()) {
            return List.of();
        }
        if (path.isAbsolute() && path.getNameCount() == 0) {
            return refuse(path, "Searching for configuration files from root dir not allowed", problems);
        }
        if (Files.isDirectory(path)) {
            return entries(path, problems);
        }
        if (!Files.isRegularFile(path)) {
            return refuse(path, "The path to the service manifest(s) is not a directory or file", problems);
        }
        if (!isManifest(path)) {
            return refuse(path, "Path to service manifest is not a json file", problems);
        }
        return List.of(path);
    }

    private static List<Path> entries(Path directory, Consumer<Problem> problems) {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(ManifestFiles::isManifest).sorted().toList();
        } catch (AccessDeniedException e) {
            return refuse(directory, "The directory of service manifests is not readable", problems);
        } catch (IOException e) {
            return refuse(directory, "The directory of service manifests cannot be read: " + e.getMessage(), problems);
        }
    }

    private static boolean isManifest(Path file) {
        String path = file.toString();
        return path.endsWith(SUFFIX) && !path.endsWith("/" + SUFFIX);
    }

    private static List<Path> refuse(Path path, String reason, Consumer<Problem> problems) {
        problems.accept(new Problem(path.toString(), reason));
        return List.of();
    }
}
