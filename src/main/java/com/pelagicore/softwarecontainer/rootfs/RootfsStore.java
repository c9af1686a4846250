package com.pelagicore.softwarecontainer.rootfs;

import static com.pelagicore.softwarecontainer.rootfs.HostFiles.PRIVATE_DIRECTORY;
import static java.nio.charset.StandardCharsets.US_ASCII;

import com.pelagicore.softwarecontainer.config.ContainerOptions;
import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import com.pelagicore.softwarecontainer.spec.Confinement;
import com.pelagicore.softwarecontainer.spec.IdRange;
import com.pelagicore.softwarecontainer.undo.UndoStep;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

/**
 * Where the file trees of containers lie on the host. Thread-safe for different containers.
 *
 * <pre>
 * shared-mounts-dir/SC-N/rootfs     mount point of the container's root
 * shared-mounts-dir/SC-N/buffer     mount point of the write buffer, if it is a tmpfs
 * state-dir/containers/SC-N/        writable layers, if they are on disk; link to the template in use
 * state-dir/template/VERSION/       lower layer of all roots, never changed
 * </pre>
 */
public final class RootfsStore {

    static final String MOUNT_POINT = "rootfs";
    static final String BUFFER = "buffer";
    static final String TEMPLATE_LINK = "template";

    private static final String MACHINE_ID = "etc/machine-id";
    private static final String RESOLVER = "etc/resolv.conf";
    private static final Path HOST_RESOLVER = Path.of("/etc/resolv.conf");

    private final Path sharedMountsDir;
    private final Path containersDir;
    private final Mounts mounts;
    private final Leftovers leftovers;
    private final Templates templates;
    private final Path template;

    /** Opens the store; builds the template if it is missing (tens of milliseconds). */
    public RootfsStore(
            Path sharedMountsDir, Path stateDir, Mounts mounts, Trees trees, DeviceNodes nodes, Busybox busybox) {
        this.sharedMountsDir = sharedMountsDir;
        this.containersDir = stateDir.resolve("containers");
        this.mounts = mounts;
        this.leftovers = new Leftovers(mounts, trees);
        this.templates = new Templates(stateDir.resolve("template"), busybox, trees, nodes);
        HostFiles.makeDirectories(sharedMountsDir);
        HostFiles.makeDirectories(containersDir);
        this.template = templates.current();
    }

    /**
     * Makes and mounts the root of a container.
     *
     * @param name file name, unique
     * @param confinement whose ids its files are to belong to
     * @param announce gets each undo step before the change is made
     * @throws SoftwareContainerException ALREADY_EXISTS if there are trees of that name, HOST_REFUSED
     */
    public ContainerRootfs prepare(
            String name, ContainerOptions options, Confinement confinement, Consumer<UndoStep> announce) {
        Path places = sharedMountsDir.resolve(name);
        Path state = containersDir.resolve(name);
        refuseLeftovers(places, state);
        announce.accept(new UndoStep.DeleteTree(state));
        HostFiles.makeDirectory(state, PRIVATE_DIRECTORY);
        HostFiles.makeLink(state.resolve(TEMPLATE_LINK), template);
        announce.accept(new UndoStep.DeleteTree(places));
        HostFiles.makeDirectory(places, PRIVATE_DIRECTORY);
        confinement.ids().ifPresent(ids -> HostFiles.letThrough(places, ids));

        Path layers = layersDirectory(places, state, options, announce);
        BufferLayers root = new BufferLayers(layers.resolve("upper"), layers.resolve("work"));
        HostFiles.makeDirectory(root.upper(), 0755);
        HostFiles.makeDirectory(root.work(), PRIVATE_DIRECTORY);
        fillUpper(root.upper());
        confinement.ids().ifPresent(ids -> giveAway(root.upper(), ids));

        Path mountPoint = places.resolve(MOUNT_POINT);
        announce.accept(new UndoStep.Unmount(mountPoint));
        HostFiles.makeDirectory(mountPoint, PRIVATE_DIRECTORY);
        confinement
                .ids()
                .ifPresentOrElse(
                        ids -> mounts.overlay(mountPoint, template, root, ids),
                        () -> mounts.overlay(mountPoint, template, root));
        return new ContainerRootfs(mountPoint, layers);
    }

    private Path layersDirectory(Path places, Path state, ContainerOptions options, Consumer<UndoStep> announce) {
        if (options.temporaryFileSystemBytes().isEmpty()) {
            return state;
        }
        Path buffer = places.resolve(BUFFER);
        announce.accept(new UndoStep.Unmount(buffer));
        HostFiles.makeDirectory(buffer, PRIVATE_DIRECTORY);
        mounts.tmpfs(buffer, options.temporaryFileSystemBytes().getAsLong());
        return buffer;
    }

    private static void refuseLeftovers(Path places, Path state) {
        for (Path leftover : List.of(places, state)) {
            if (Files.exists(leftover)) {
                throw new SoftwareContainerException(
                        ErrorKind.ALREADY_EXISTS, "'" + leftover + "' is left over from an earlier container");
            }
        }
    }

    /** What differs from container to container is in its own layer before the root is mounted. */
    private static void fillUpper(Path upper) {
        HostFiles.makeDirectory(upper.resolve("etc"), 0755);
        HostFiles.writeFile(upper.resolve(MACHINE_ID), machineId(), 0444);
        if (Files.isReadable(HOST_RESOLVER)) {
            HostFiles.writeFile(upper.resolve(RESOLVER), HostFiles.read(HOST_RESOLVER), 0644);
        }
    }

    private static void giveAway(Path upper, IdRange ids) {
        for (String name : List.of("", "etc", MACHINE_ID, RESOLVER)) {
            if (Files.exists(upper.resolve(name))) {
                HostFiles.giveAway(upper.resolve(name), ids);
            }
        }
    }

    private static byte[] machineId() {
        HexFormat hex = HexFormat.of();
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return (hex.toHexDigits(random.nextLong()) + hex.toHexDigits(random.nextLong()) + "\n").getBytes(US_ASCII);
    }

    /**
     * Makes empty layers for one more directory mounted with a write buffer. One call at a time per container.
     *
     * @param announce gets each undo step before the change is made
     */
    public BufferLayers bufferFor(ContainerRootfs rootfs, Consumer<UndoStep> announce) {
        Path directory = firstUnused(rootfs.bufferDirectory());
        announce.accept(new UndoStep.DeleteTree(directory));
        HostFiles.makeDirectory(directory, PRIVATE_DIRECTORY);
        BufferLayers layers = new BufferLayers(directory.resolve("upper"), directory.resolve("work"));
        HostFiles.makeDirectory(layers.upper(), PRIVATE_DIRECTORY);
        HostFiles.makeDirectory(layers.work(), PRIVATE_DIRECTORY);
        return layers;
    }

    private static Path firstUnused(Path parent) {
        int number = 0;
        while (Files.exists(parent.resolve("mount-" + number))) {
            number++;
        }
        return parent.resolve("mount-" + number);
    }

    /**
     * Removes the trees of containers that are not known, and templates that neither a container nor this
     * version uses. To be called before the first {@link #prepare}.
     */
    public void removeLeftovers(Set<String> knownNames) {
        leftovers.remove(sharedMountsDir, containersDir, knownNames);
        Set<Path> used = Leftovers.templatesInUse(containersDir);
        used.add(template);
        templates.deleteAllBut(used);
    }
}
