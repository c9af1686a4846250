package com.pelagicore.softwarecontainer.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A running LXC container that the agent did not make. */
final class ForeignContainer implements AutoCloseable {

    private final Path lxcPath;
    private final String name;

    private ForeignContainer(Path lxcPath, String name) {
        this.lxcPath = lxcPath;
        this.name = name;
    }

    static ForeignContainer start(Path lxcPath, String name) throws IOException {
        ForeignContainer container = new ForeignContainer(lxcPath, name);
        Path rootfs = Files.createDirectories(lxcPath.resolve(name).resolve("rootfs"));
        for (String each : List.of("bin", "dev", "proc", "sys")) {
            Files.createDirectory(rootfs.resolve(each));
        }
        Path busybox = rootfs.resolve("bin/busybox");
        Files.copy(Path.of(program("busybox")), busybox);
        busybox.toFile().setExecutable(true);
        Files.writeString(
                container.config(),
                """
                # of somebody else
                lxc.rootfs.path = dir:%s
                lxc.uts.name = foreign
                lxc.net.0.type = empty
                lxc.apparmor.profile = unconfined
                lxc.init.cmd = /bin/busybox sleep 100000
                """
                        .formatted(rootfs));
        container.lxc("lxc-start", "-d");
        container.lxc("lxc-wait", "-s", "RUNNING", "-t", "20");
        return container;
    }

    Path config() {
        return lxcPath.resolve(name).resolve("config");
    }

    boolean isRunning() {
        return lxc("lxc-info", "-s", "-H").trim().equals("RUNNING");
    }

    @Override
    public void close() {
        lxc("lxc-stop", "-k");
        Trees.delete(lxcPath.resolve(name));
    }

    private String lxc(String program, String... arguments) {
        List<String> command = new ArrayList<>(List.of(program, "-P", lxcPath.toString(), "-n", name));
        command.addAll(List.of(arguments));
        return Programs.run(command.toArray(String[]::new));
    }

    private static String program(String name) {
        return Programs.run("/bin/sh", "-c", "command -v " + name).trim();
    }
}
