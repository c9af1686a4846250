package com.pelagicore.softwarecontainer.linux;

import com.pelagicore.softwarecontainer.process.InitProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The mounts that a process sees, from proc(5) /proc/PID/mountinfo. */
final class MountTable {

    private static final int MOUNT_POINT = 4;

    private MountTable() {}

    /** Whether something is mounted at exactly this path, as text; false if the process is gone. */
    static boolean has(InitProcess process, Path mountPoint) {
        try (Stream<String> lines =
                Files.lines(Path.of("/proc/" + process.pid() + "/mountinfo"), StandardCharsets.UTF_8)) {
            String wanted = escape(mountPoint.toString());
            return lines.anyMatch(line -> line.split(" ", MOUNT_POINT + 2)[MOUNT_POINT].equals(wanted))
                    && process.isAlive();
        } catch (IOException e) {
            return false;
        }
    }

    /** As the kernel writes paths there (mangle_path with " \t\n\\"). */
    private static String escape(String path) {
        return path.replace("\\", "\\134")
                .replace(" ", "\\040")
                .replace("\t", "\\011")
                .replace("\n", "\\012");
    }
}
