package com.pelagicore.softwarecontainer.rootfs;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.pelagicore.softwarecontainer.spec.DeviceNumber;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What every container finds in its root. */
final class Template {

    /** To be raised with each change of this class: it makes new templates differ from those on disk. */
    static final String VERSION = "2";

    private static final int OPEN_TO_ALL = 01777;

    /** Parents before children. */
    private static final List<String> DIRECTORIES = List.of(
            "bin",
            "dev",
            "dev/pts",
            "dev/shm",
            "etc",
            "etc/pulse",
            "home",
            "lib",
            "lib64",
            "proc",
            "run",
            "sbin",
            "sys",
            "usr",
            "usr/lib",
            "usr/lib64",
            "usr/sbin",
            "var");

    private static final Map<String, Integer> SPECIAL_DIRECTORIES =
            Map.of("gateways", OPEN_TO_ALL, "root", 0700, "tmp", OPEN_TO_ALL, "var/tmp", OPEN_TO_ALL);

    private static final Map<String, String> TEXT_FILES = Map.of(
            "etc/passwd", "root:x:0:0:root:/root:/bin/sh\n",
            "etc/group", "root:x:0:root\n",
            "etc/hosts", "127.0.0.1 localhost contained\n::1 localhost\n",
            "etc/pulse/client.conf", "disable-shm=yes\n",
            "gateways/env", "");

    /** Numbers of the kernel's devices.txt (Documentation/admin-guide). LXC adds the pseudo terminals. */
    private static final Map<String, DeviceNumber> DEVICES = Map.of(
            "dev/null", new DeviceNumber(false, 1, 3),
            "dev/zero", new DeviceNumber(false, 1, 5),
            "dev/full", new DeviceNumber(false, 1, 7),
            "dev/random", new DeviceNumber(false, 1, 8),
            "dev/urandom", new DeviceNumber(false, 1, 9),
            "dev/tty", new DeviceNumber(false, 5, 0));

    private static final Map<String, String> LINKS = Map.of(
            "dev/fd", "../proc/self/fd",
            "dev/stdin", "../proc/self/fd/0",
            "dev/stdout", "../proc/self/fd/1",
            "dev/stderr", "../proc/self/fd/2");

    private Template() {}

    /** Fills an empty directory. */
    static void build(Path root, byte[] busybox, byte[] init, List<String> applets, DeviceNodes nodes) {
        DIRECTORIES.forEach(name -> HostFiles.makeDirectory(root.resolve(name), 0755));
        SPECIAL_DIRECTORIES.forEach((name, mode) -> HostFiles.makeDirectory(root.resolve(name), mode));
        TEXT_FILES.forEach((name, text) -> writeFile(root.resolve(name), text.getBytes(UTF_8), 0644));
        DEVICES.forEach((name, number) -> nodes.makeOnHost(root.resolve(name), new DeviceFile(number, 0666, 0, 0)));
        LINKS.forEach((name, target) -> HostFiles.makeLink(root.resolve(name), Path.of(target)));
        // LXC mounts upon it
        writeFile(root.resolve("dev/ptmx"), new byte[0], 0644);
        writeFile(root.resolve("sbin/init"), init, 0755);
        writeFile(root.resolve("bin/busybox"), busybox, 0755);
        applets.stream()
                .filter(Template::isLinkName)
                .distinct()
                .forEach(name -> HostFiles.makeLink(root.resolve("bin").resolve(name), Path.of("busybox")));
    }

    private static boolean isLinkName(String applet) {
        return !applet.isEmpty() && !applet.equals("busybox") && !applet.startsWith(".") && applet.indexOf('/') < 0;
    }

    private static void writeFile(Path file, byte[] content, int mode) {
        HostFiles.writeFile(file, content, mode);
        HostFiles.synchronise(file);
    }
}
