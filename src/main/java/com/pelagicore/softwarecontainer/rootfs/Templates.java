package com.pelagicore.softwarecontainer.rootfs;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HexFormat;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/**
 * The templates on disk, one directory per content. They never change: an upgrade makes another one, while
 * running containers go on with theirs.
 */
final class Templates {

    private static final String INIT_RESOURCE = "/softwarecontainer-init";
    private static final String UNFINISHED = ".new-";

    private final Path directory;
    private final Busybox busybox;
    private final Trees trees;
    private final DeviceNodes nodes;

    Templates(Path directory, Busybox busybox, Trees trees, DeviceNodes nodes) {
        this.directory = directory;
        this.busybox = busybox;
        this.trees = trees;
        this.nodes = nodes;
    }

    /** The template for what is installed now; made if it is missing. */
    Path current() {
        byte[] program = HostFiles.read(busybox.program());
        byte[] init = initProgram();
        Path template = directory.resolve(name(program, init));
        if (!Files.isDirectory(template)) {
            build(template, program, init);
        }
        return template;
    }

    private void build(Path template, byte[] program, byte[] init) {
        HostFiles.makeDirectories(directory);
        Path unfinished = directory.resolve(UNFINISHED + UUID.randomUUID());
        HostFiles.makeDirectory(unfinished, 0755);
        Template.build(unfinished, program, init, busybox.applets(), nodes);
        try {
            Files.move(unfinished, template, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileAlreadyExistsException | DirectoryNotEmptyException madeMeanwhile) {
            trees.delete(unfinished);
        } catch (IOException refused) {
            throw HostFiles.refused("make", template, refused);
        }
        HostFiles.synchronise(directory);
    }

    /** Deletes all templates but these, and what a builder that was killed left behind. */
    void deleteAllBut(Set<Path> used) {
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (Stream<Path> templates = Files.list(directory)) {
            templates.filter(template -> !used.contains(template)).forEach(trees::delete);
        } catch (IOException refused) {
            throw HostFiles.refused("list", directory, refused);
        }
    }

    /** Checksums tell one release from another, which is all that is asked of them; a digest costs 40 ms at start. */
    private static String name(byte[] program, byte[] init) {
        return Template.VERSION + "-" + mark(program) + "-" + mark(init);
    }

    private static String mark(byte[] file) {
        CRC32 checksum = new CRC32();
        checksum.update(file);
        return Integer.toHexString(file.length) + "." + HexFormat.of().toHexDigits(checksum.getValue(), 8);
    }

    private static byte[] initProgram() {
        try (InputStream resource = Templates.class.getResourceAsStream(INIT_RESOURCE)) {
            if (resource == null) {
                throw new IllegalStateException("the build lacks " + INIT_RESOURCE);
            }
            return resource.readAllBytes();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
