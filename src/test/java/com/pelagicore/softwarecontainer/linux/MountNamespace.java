package com.pelagicore.softwarecontainer.linux;

import com.pelagicore.softwarecontainer.process.InitProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Stands for a container: a process in its own mount and network namespace, with its own root directory. On
 * the test's side its files are below {@link #path}.
 */
final class MountNamespace implements AutoCloseable {

    private static final String ENTER =
            """
            for d in usr lib lib64 bin proc; do mkdir -p "$1/$d"; done
            for d in usr lib lib64 bin; do mount --rbind "/$d" "$1/$d"; done
            mount -t proc proc "$1/proc"
            exec chroot "$1" sh -c 'echo ready; exec sleep 600'
            """;

    private final Process process;

    private MountNamespace(Process process) {
        this.process = process;
    }

    /** Starts the process with an existing empty directory as root. */
    static MountNamespace start(Path root) {
        try {
            Process process = new ProcessBuilder(List.of(
                            "unshare",
                            "--mount",
                            "--net",
                            "--propagation",
                            "private",
                            "sh",
                            "-ec",
                            ENTER,
                            "sh",
                            root.toString()))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            BufferedReader output =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
            if (!"ready".equals(output.readLine())) {
                process.destroyForcibly();
                throw new IllegalStateException("no namespace");
            }
            return new MountNamespace(process);
        } catch (IOException refused) {
            throw new IllegalStateException(refused);
        }
    }

    InitProcess init() {
        return InitProcess.of(process.pid()).orElseThrow();
    }

    /** A path in the namespace as the test reaches it. */
    Path path(String containerPath) {
        return Path.of("/proc/" + process.pid() + "/root" + containerPath);
    }

    List<String> mountTable() {
        return mountTable(Long.toString(process.pid()));
    }

    /** What the test's own mount namespace shows at or below a directory; tests run side by side. */
    static List<String> ownMountsBelow(Path directory) {
        return mountTable("self").stream()
                .filter(line -> line.contains(" " + directory))
                .toList();
    }

    private static List<String> mountTable(String pid) {
        try {
            return Files.readAllLines(Path.of("/proc/" + pid + "/mountinfo"));
        } catch (IOException refused) {
            throw new IllegalStateException(refused);
        }
    }

    /** Ends the process and with it the namespaces. */
    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
