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

    /** How many mounts lie upon each other at exactly this path, as text; 0 if the process is gone. */
    static int count(InitProcess process, Path mountPoint) {
        try (Stream<String> lines =
                Files.lines(Path.of("/proc/" + process.pid() + "/mountinfo"), StandardCharsets.UTF_8)) {
            String wanted = escape(mountPoint.toString());
            long mounts = lines.filter(line -> line.split(" ", MOUNT_POINT + 2)[MOUNT_POINT].equals(wanted))
                    .count();
            return process.isAlive() ? Math.toIntExact(mounts) : 0;
        } catch (IOException e) {
            return 0;
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
