package com.pelagicore.softwarecontainer.linux;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** Reads proc(5) /proc/PID/stat. */
final class ProcessStat {

    /** Fields are counted from 1; the first two are the pid and the name in brackets. */
    private static final int START_TICKS = 22;

    private ProcessStat() {}

    /** When the process started, in clock ticks since boot; empty if there is no such process. */
    static OptionalLong startTicks(long pid) {
        try {
            return OptionalLong.of(parseStartTicks(
                    Files.readString(Path.of("/proc", Long.toString(pid), "stat"), StandardCharsets.ISO_8859_1)));
        } catch (IOException gone) {
            return OptionalLong.empty();
        }
    }

    /** The name may hold blanks and brackets, so that fields are counted from the last bracket. */
    static long parseStartTicks(String stat) {
        String[] afterName = stat.substring(stat.lastIndexOf(')') + 2).split(" ", START_TICKS - 1);
        return Long.parseLong(afterName[START_TICKS - 3]);
    }
}
