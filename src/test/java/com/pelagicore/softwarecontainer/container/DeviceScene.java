package com.pelagicore.softwarecontainer.container;

import com.pelagicore.softwarecontainer.rootfs.DeviceFile;
import com.pelagicore.softwarecontainer.spec.DeviceNumber;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A container on a host with some devices, for tests of both. */
abstract class DeviceScene {

    static final Path TUN = Path.of("/dev/net/tun");
    static final Path ALIAS = Path.of("/dev/alias");
    /** Another one than TUN. */
    static final Path X = Path.of("/dev/x");

    static final Path NULL = Path.of("/dev/null");
    static final DeviceFile TUN_FILE = new DeviceFile(new DeviceNumber(false, 10, 200), 0600, 1, 2);
    static final DeviceFile NULL_FILE = new DeviceFile(new DeviceNumber(false, 1, 3), 0666, 0, 0);

    static final DeviceFile X_FILE = new DeviceFile(new DeviceNumber(true, 7, 1), 0660, 0, 6);

    @TempDir
    Path directory;

    ModelHost host;
    Containers containers;
    Container container;

    @BeforeEach
    void makeContainer() {
        host = new ModelHost(directory);
        host.devices.onHost.putAll(Map.of(TUN, TUN_FILE, ALIAS, TUN_FILE, NULL, NULL_FILE, X, X_FILE));
        containers = new Containers(host.containerHost(), new RecordingListener());
        container = containers.create(Options.PLAIN.value());
        host.calls.reset();
    }
}
