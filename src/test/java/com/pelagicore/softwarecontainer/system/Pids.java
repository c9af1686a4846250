package com.pelagicore.softwarecontainer.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Process numbers at will. */
final class Pids {

    private static final Path LAST = Path.of("/proc/sys/kernel/ns_last_pid");
    private static final int ATTEMPTS = 2_000;

    private Pids() {}

    /** A process of root's with this number, which is free: the kernel counts on from the last one that it gave. */
    static Process startWith(long pid) {
        try {
            for (int i = 0; i < ATTEMPTS; i++) {
                // the JVM starts a helper, or a thread takes a number, in between
                for (long before = pid - 1; before > pid - 4; before--) {
                    Files.writeString(LAST, String.valueOf(before));
                    Process process = new ProcessBuilder("sleep", "60").start();
                    if (process.pid() == pid) {
                        return process;
                    }
                    process.destroyForcibly();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw new AssertionError("pid " + pid + " could not be had again");
    }
}
