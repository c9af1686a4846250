package com.pelagicore.softwarecontainer.linux;

import com.sun.jna.Native;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The file of parsed classes that bin/softwarecontainer-agent has let the JVM map; there may be none. */
public final class ClassArchive {

    private static final Logger LOG = LoggerFactory.getLogger(ClassArchive.class);

    /** Set by bin/softwarecontainer-agent. */
    private static final String PROPERTY = "softwarecontainer.class-archive";

    private static final Path MAPPINGS = Path.of("/proc/self/maps");

    private ClassArchive() {}

    static Optional<Path> path() {
        return Optional.ofNullable(System.getProperty(PROPERTY)).map(Path::of).filter(Files::exists);
    }

    /**
     * Gives the kernel back those pages of the archive that nobody else has mapped and that are not written to, most
     * of them needed by the start only. What is needed again is read from the file again.
     */
    public static void giveBack() {
        path().ifPresent(ClassArchive::giveBack);
    }

    static void giveBack(Path file) {
        try {
            mappings(Files.readAllLines(MAPPINGS), file).forEach(mapping -> {
                if (Advice.madvise(mapping.start(), mapping.size(), Advice.MADV_PAGEOUT) != 0) {
                    LOG.debug("the kernel takes no pages of {} back: {}", file, Errno.last());
                }
            });
        } catch (IOException e) {
            LOG.debug("cannot find the mappings of {}", file, e);
        }
    }

    /** A range of memory; addresses and sizes in bytes. */
    record Mapping(long start, long size) {}

    /** Those of a file, by proc_pid_maps(5). */
    static List<Mapping> mappings(List<String> lines, Path file) {
        return lines.stream()
                .map(line -> line.split(" +", 6))
                .filter(fields -> fields.length == 6 && fields[5].equals(file.toString()))
                .map(fields -> fields[0].split("-"))
                .map(range -> {
                    long start = HexFormat.fromHexDigitsToLong(range[0]);
                    return new Mapping(start, HexFormat.fromHexDigitsToLong(range[1]) - start);
                })
                .toList();
    }

    /** madvise(2). */
    private static final class Advice {

        static final int MADV_PAGEOUT = 21;

        static {
            Native.register(Advice.class, "c");
        }

        private Advice() {}

        static native int madvise(long address, long length, int advice);
    }
}
