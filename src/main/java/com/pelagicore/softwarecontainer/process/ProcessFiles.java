package com.pelagicore.softwarecontainer.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file for each process of one container that was started, and whose end nobody was told yet: for a later agent, should
 * init be gone by then. Its name is the pid, it holds the arguments, each with a NUL behind, as proc(5) cmdline. What
 * the disk refuses is passed over: it is a safety net.
 */
public final class ProcessFiles {

    private static final Logger LOG = LoggerFactory.getLogger(ProcessFiles.class);

    private final Path directory;

    /**
     * Changes nothing yet.
     *
     * @param directory made when it is needed; its parent exists
     */
    public ProcessFiles(Path directory) {
        this.directory = directory;
    }

    public void add(long pid, List<String> arguments) {
        try {
            if (!Files.exists(directory)) {
                Files.createDirectory(directory);
            }
            Files.writeString(file(pid), String.join("\0", arguments) + "\0");
        } catch (IOException e) {
            LOG.debug("process {} is not written down", pid, e);
        }
    }

    /** Not there: nothing. */
    public void remove(long pid) {
        try {
            Files.deleteIfExists(file(pid));
        } catch (IOException e) {
            LOG.debug("process {} stays written down", pid, e);
        }
    }

    /** Arguments by pid; of a file that was cut off, those that are whole. */
    public SortedMap<Long, List<String>> all() {
        SortedMap<Long, List<String>> all = new TreeMap<>();
        if (!Files.isDirectory(directory)) {
            return all;
        }
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                if (name.matches("[0-9]{1,18}")) {
                    all.put(Long.valueOf(name), arguments(Files.readString(file, StandardCharsets.UTF_8)));
                }
            }
        } catch (IOException e) {
            LOG.debug("the processes in {} cannot be read", directory, e);
        }
        return all;
    }

    private static List<String> arguments(String content) {
        String whole = content.substring(0, content.lastIndexOf('\0') + 1);
        return whole.isEmpty()
                ? List.of()
                : List.of(whole.substring(0, whole.length() - 1).split("\0", -1));
    }

    private Path file(long pid) {
        return directory.resolve(Long.toString(pid));
    }
}
