package com.pelagicore.softwarecontainer.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * PID 1 of a container, as the host sees it.
 *
 * @param pid in the host's PID namespace
 * @param startTicks field 22 of proc(5) /proc/PID/stat: tells this process from a later one with the same pid
 */
public record InitProcess(long pid, long startTicks) {

    /** Field 22 counts from 1; the fields behind the command's closing parenthesis begin with number 3. */
    private static final int START_TICKS_BEHIND_COMMAND = 22 - 3;

    /** The process that has this pid now; empty if there is none. */
    public static Optional<InitProcess> of(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"), StandardCharsets.ISO_8859_1);
            return Optional.of(new InitProcess(pid, startTicks(stat)));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** The name in brackets may itself hold blanks and brackets. */
    static long startTicks(String stat) {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return Long.parseLong(fields[START_TICKS_BEHIND_COMMAND]);
    }

    /** False if the process ended, even if another one has its pid. */
    public boolean isAlive() {
        return of(pid).filter(this::equals).isPresent();
    }
}
