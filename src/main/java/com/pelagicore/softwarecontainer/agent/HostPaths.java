package com.pelagicore.softwarecontainer.agent;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The directories of the host from which others than root may mount.
 *
 * @param readable absolute, normal
 * @param writable the same; can be read too
 */
public record HostPaths(List<Path> readable, List<Path> writable) {

    public static final HostPaths NONE = new HostPaths(List.of(), List.of());

    public HostPaths {
        readable = List.copyOf(readable);
        writable = List.copyOf(writable);
    }

    /**
     * The innermost of the directories that a path is, or lies in, by its name. Where links lead is another
     * question, to be answered when the path is opened.
     *
     * @param hostPath absolute, normal
     */
    Optional<Path> around(Path hostPath, boolean forWriting) {
        return Stream.concat(writable.stream(), forWriting ? Stream.of() : readable.stream())
                .filter(hostPath::startsWith)
                .max(Comparator.comparingInt(Path::getNameCount));
    }
}
