package com.pelagicore.softwarecontainer.daemon;

import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The directory from which further gateways are loaded. What is in it runs as root, so only root may write there. */
final class GatewayJars {

    private static final Set<PosixFilePermission> WRITABLE_BY_OTHERS =
            Set.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

    private GatewayJars() {}

    /**
     * Finds classes in the agent itself and in the {@code *.jar} files of the directory, in the order of their names.
     *
     * @param directory may be missing
     * @throws CannotStart naming what somebody else than root may write
     */
    static ClassLoader in(Path directory) {
        ClassLoader own = GatewayJars.class.getClassLoader();
        if (!Files.isDirectory(directory)) {
            return own;
        }
        requireOwn(directory);
        try (Stream<Path> files = Files.list(directory)) {
            List<Path> jars = files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList();
            jars.forEach(GatewayJars::requireOwn);
            return jars.isEmpty()
                    ? own
                    : new URLClassLoader(jars.stream().map(GatewayJars::url).toArray(URL[]::new), own);
        } catch (IOException e) {
            throw new CannotStart("The gateway directory '" + directory + "' cannot be read: " + e);
        }
    }

    private static void requireOwn(Path path) {
        try {
            boolean othersMayWrite =
                    Files.getPosixFilePermissions(path).stream().anyMatch(WRITABLE_BY_OTHERS::contains);
            if (othersMayWrite || !Integer.valueOf(0).equals(Files.getAttribute(path, "unix:uid"))) {
                throw new CannotStart("'" + path + "' must belong to root and be writable by nobody else");
            }
        } catch (IOException e) {
            throw new CannotStart("'" + path + "' cannot be read: " + e);
        }
    }

    private static URL url(Path jar) {
        try {
            return jar.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalStateException(e);
        }
    }
}
