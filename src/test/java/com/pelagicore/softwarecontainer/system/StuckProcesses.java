package com.pelagicore.softwarecontainer.system;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Two processes of the host in a file system that nobody serves: one of them has a directory locked, the other waits for
 * that lock in state D, where no freezer can have it.
 */
final class StuckProcesses implements AutoCloseable {

    private static final String SCRIPT =
            """
            exec 3<>/dev/fuse
            mount -i -t fuse -o fd=3,rootmode=40000,user_id=0,group_id=0 none "$1" || exit
            for file in x y; do
                (: > "$1/$file") &
                echo $!
            done
            wait
            """;

    private final Path directory;
    private final Process script;
    private final List<Long> pids = new ArrayList<>();

    /** @param directory empty, existing */
    StuckProcesses(Path directory) throws IOException {
        this.directory = directory;
        this.script = new ProcessBuilder("bash", "-c", SCRIPT, "bash", directory.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader printed = script.inputReader(StandardCharsets.US_ASCII);
        for (int i = 0; i < 2; i++) {
            pids.add(Long.parseLong(printed.readLine()));
        }
        pids.forEach(pid -> Deadlines.await(() -> new HostProcess(pid).state() == 'D'));
    }

    /** Into the control group by which that process can be frozen. */
    void join(long process) throws IOException {
        Path unified = Path.of("/sys/fs/cgroup");
        Path group = unified;
        for (String line : Files.readAllLines(Path.of("/proc/" + process + "/cgroup"))) {
            String[] fields = line.split(":", 3);
            boolean isUnified = fields[1].isEmpty() && Files.exists(unified.resolve("cgroup.controllers"));
            if (fields[1].equals("freezer") || isUnified) {
                group = unified.resolve(fields[1]).resolve(fields[2].substring(1));
            }
        }
        for (long pid : pids) {
            Files.writeString(group.resolve("cgroup.procs"), Long.toString(pid));
        }
    }

    @Override
    public void close() {
        script.descendants().forEach(ProcessHandle::destroyForcibly);
        script.destroyForcibly();
        Programs.run("umount", "-l", directory.toString());
        pids.forEach(pid -> new HostProcess(pid).awaitEnd());
    }
}
