package com.pelagicore.softwarecontainer.rootfs;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import com.pelagicore.softwarecontainer.process.InitProcess;
import com.pelagicore.softwarecontainer.spec.BindMount;
import com.pelagicore.softwarecontainer.spec.SocketMount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongConsumer;
import java.util.function.Predicate;

/** Remembers what is mounted and written in containers; all of it is gone when the container is. */
public final class FakeContainerMounts implements ContainerMounts {

    /**
     * A mount.
     *
     * @param upper of a write buffer; empty: a plain bind mount
     * @param key of the file that was mounted
     */
    public record Mounted(InitProcess init, BindMount mount, Optional<Path> upper, Object key) {}

    private record File(InitProcess init, Path containerPath) {}

    private final Predicate<InitProcess> isAlive;
    private final List<Mounted> mounted = new CopyOnWriteArrayList<>();
    private final Set<InitProcess> protectedContainers = ConcurrentHashMap.newKeySet();
    /** The directories that mounts had to stay in. */
    public final List<Path> within = new CopyOnWriteArrayList<>();

    private final Map<File, String> files = new ConcurrentHashMap<>();

    public FakeContainerMounts(Predicate<InitProcess> isAlive) {
        this.isAlive = isAlive;
    }

    /** In containers that are alive, oldest first. */
    public List<Mounted> mounted() {
        return mounted.stream().filter(mount -> isAlive.test(mount.init())).toList();
    }

    /** Empty: there is no such file. */
    public Optional<String> file(InitProcess init, Path containerPath) {
        return Optional.ofNullable(files.get(new File(init, containerPath))).filter(content -> isAlive.test(init));
    }

    @Override
    public void bind(InitProcess init, BindMount mount, LongConsumer id) {
        add(new Mounted(init, mount, Optional.empty(), key(mount.hostPath())), id);
    }

    @Override
    public void bindWithin(InitProcess init, Path directory, BindMount mount, LongConsumer id) {
        within.add(directory);
        bind(init, mount, id);
    }

    @Override
    public void bindSocket(InitProcess init, SocketMount socket, LongConsumer id) {
        bind(init, new BindMount(socket.hostPath(), socket.containerPath(), false), id);
    }

    @Override
    public void bindBuffered(InitProcess init, BindMount mount, BufferLayers layers, LongConsumer id) {
        if (!Files.isDirectory(layers.upper()) || !Files.isDirectory(layers.work())) {
            throw new IllegalArgumentException("no directories: " + layers);
        }
        add(new Mounted(init, mount, Optional.of(layers.upper()), key(mount.hostPath())), id);
    }

    private void add(Mounted mount, LongConsumer id) {
        requireAlive(mount.init());
        if (!Files.exists(mount.mount().hostPath())) {
            throw new SoftwareContainerException(
                    ErrorKind.HOST_REFUSED, "open('" + mount.mount().hostPath() + "'): ENOENT");
        }
        id.accept(idOf(mount));
        mounted.add(mount);
    }

    @Override
    public void protect(InitProcess init) {
        requireAlive(init);
        protectedContainers.add(init);
    }

    public boolean isProtected(InitProcess init) {
        return protectedContainers.contains(init);
    }

    @Override
    public void unmount(InitProcess init, Path containerPath, long id) {
        for (int i = mounted.size() - 1; i >= 0; i--) {
            if (isAt(mounted.get(i), init, containerPath)) {
                requireSame(id, mounted.get(i));
                mounted.remove(i);
                return;
            }
        }
    }

    private static void requireSame(long id, Mounted found) {
        if (id != 0 && id != idOf(found)) {
            throw new SoftwareContainerException(ErrorKind.ALREADY_EXISTS, "another mount is there");
        }
    }

    @Override
    public void unmountSocket(InitProcess init, Path containerPath) {
        unmount(init, containerPath, 0);
    }

    private static long idOf(Mounted mount) {
        return System.identityHashCode(mount);
    }

    @Override
    public OptionalLong mountAt(InitProcess init, Path containerPath) {
        return mounted().stream()
                .filter(mount -> isAt(mount, init, containerPath))
                .mapToLong(FakeContainerMounts::idOf)
                .reduce((older, newer) -> newer);
    }

    private static boolean isAt(Mounted mount, InitProcess init, Path containerPath) {
        return mount.init().equals(init) && mount.mount().containerPath().equals(containerPath);
    }

    @Override
    public boolean shows(InitProcess init, Path containerPath, Path hostPath) {
        requireAlive(init);
        return mounted().stream()
                .filter(mount -> isAt(mount, init, containerPath))
                .reduce((older, newer) -> newer)
                .map(mount -> mount.key().equals(key(hostPath)))
                .orElse(false);
    }

    private static Object key(Path hostPath) {
        try {
            return Files.readAttributes(hostPath, BasicFileAttributes.class).fileKey();
        } catch (IOException missing) {
            return hostPath;
        }
    }

    @Override
    public void writeFile(InitProcess init, Path containerPath, String content) {
        requireAlive(init);
        files.put(new File(init, containerPath), content);
    }

    private void requireAlive(InitProcess init) {
        if (!isAlive.test(init)) {
            throw new SoftwareContainerException(ErrorKind.WRONG_STATE, "the container has died");
        }
    }
}
