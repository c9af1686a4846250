package com.pelagicore.softwarecontainer.rootfs;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import com.pelagicore.softwarecontainer.process.InitProcess;
import com.pelagicore.softwarecontainer.spec.DeviceNumber;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** Devices in memory. The host's are what the test puts there; those of a container are gone when it is. */
public final class FakeDeviceNodes implements DeviceNodes {

    private record Place(InitProcess init, Path path) {}

    public final Map<Path, DeviceFile> onHost = new ConcurrentHashMap<>();

    private final Predicate<InitProcess> isAlive;
    private final Map<Place, DeviceFile> nodes = new ConcurrentHashMap<>();

    public FakeDeviceNodes(Predicate<InitProcess> isAlive) {
        this.isAlive = isAlive;
    }

    /** In containers that are alive. */
    public SortedMap<String, DeviceFile> inContainers() {
        SortedMap<String, DeviceFile> all = new TreeMap<>();
        nodes.forEach((place, node) -> {
            if (isAlive.test(place.init())) {
                all.put(place.path().toString(), node);
            }
        });
        return all;
    }

    @Override
    public Optional<DeviceFile> onHost(Path hostPath) {
        return Optional.ofNullable(onHost.get(hostPath));
    }

    /** A file that says which device it stands for. */
    @Override
    public void makeOnHost(Path hostPath, DeviceFile node) {
        try {
            Files.writeString(hostPath, node.number().toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Optional<DeviceFile> inContainer(InitProcess init, Path containerPath) {
        requireAlive(init);
        return Optional.ofNullable(nodes.get(new Place(init, containerPath)));
    }

    @Override
    public void place(InitProcess init, Path containerPath, DeviceFile node) {
        requireAlive(init);
        DeviceFile other = nodes.putIfAbsent(new Place(init, containerPath), node);
        if (other != null && !other.number().equals(node.number())) {
            throw new SoftwareContainerException(ErrorKind.ALREADY_EXISTS, "'" + containerPath + "' is another device");
        }
        nodes.put(new Place(init, containerPath), node);
    }

    @Override
    public void changePermissions(InitProcess init, Path containerPath, DeviceNumber number, int permissionBits) {
        nodes.computeIfPresent(
                new Place(init, containerPath),
                (place, node) -> node.number().equals(number) ? node.withPermissionBits(permissionBits) : node);
    }

    @Override
    public void remove(InitProcess init, Path containerPath, DeviceNumber number) {
        nodes.computeIfPresent(
                new Place(init, containerPath), (place, node) -> node.number().equals(number) ? null : node);
    }

    private void requireAlive(InitProcess init) {
        if (!isAlive.test(init)) {
            throw new SoftwareContainerException(ErrorKind.WRONG_STATE, "the container has died");
        }
    }
}
