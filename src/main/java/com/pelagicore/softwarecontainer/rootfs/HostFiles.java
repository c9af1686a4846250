package com.pelagicore.softwarecontainer.rootfs;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import com.pelagicore.softwarecontainer.spec.IdRange;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Makes files and directories in the agent's own places, with exact modes whatever the umask. */
final class HostFiles {

    static final int PRIVATE_DIRECTORY = 0700;
    private static final int ENTERED_BY_GROUP = 0710;

    private HostFiles() {}

    /** Makes a directory that must not exist; its parent must. */
    static void makeDirectory(Path directory, int mode) {
        try {
            Files.createDirectory(directory);
            Files.setAttribute(directory, "unix:mode", mode);
        } catch (IOException refused) {
            throw refused("make directory", directory, refused);
        }
    }

    /** Makes a directory for root alone, and its parents, where they are missing. */
    static void makeDirectories(Path directory) {
        if (Files.isDirectory(directory)) {
            return;
        }
        try {
            Files.createDirectories(directory.resolveSibling(""));
        } catch (IOException refused) {
            throw refused("make directory", directory, refused);
        }
        makeDirectory(directory, PRIVATE_DIRECTORY);
    }

    /** Writes a file that must not exist. */
    static void writeFile(Path file, byte[] content, int mode) {
        try {
            Files.write(file, content, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            Files.setAttribute(file, "unix:mode", mode);
        } catch (IOException refused) {
            throw refused("write", file, refused);
        }
    }

    /** Makes it a file of a container's root. */
    static void giveAway(Path file, IdRange ids) {
        try {
            Files.setAttribute(file, "unix:uid", ids.first(), LinkOption.NOFOLLOW_LINKS);
            Files.setAttribute(file, "unix:gid", ids.first(), LinkOption.NOFOLLOW_LINKS);
        } catch (IOException refused) {
            throw refused("change the owner of", file, refused);
        }
    }

    /** Lets a container's root enter a directory, and see nothing in it. */
    static void letThrough(Path directory, IdRange ids) {
        try {
            Files.setAttribute(directory, "unix:gid", ids.first(), LinkOption.NOFOLLOW_LINKS);
            Files.setAttribute(directory, "unix:mode", ENTERED_BY_GROUP);
        } catch (IOException refused) {
            throw refused("open", directory, refused);
        }
    }

    static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException refused) {
            throw refused("read", file, refused);
        }
    }

    static void makeLink(Path link, Path target) {
        try {
            Files.createSymbolicLink(link, target);
        } catch (IOException refused) {
            throw refused("make link", link, refused);
        }
    }

    /** Waits until a file or directory is on the disk. */
    static void synchronise(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException refused) {
            throw refused("synchronise", file, refused);
        }
    }

    static SoftwareContainerException refused(String verb, Path path, IOException why) {
        return new SoftwareContainerException(
                ErrorKind.HOST_REFUSED, "cannot " + verb + " '" + path + "': " + why, why);
    }
}
