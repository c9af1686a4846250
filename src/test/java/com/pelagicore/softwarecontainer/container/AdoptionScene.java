package com.pelagicore.softwarecontainer.container;

import com.pelagicore.softwarecontainer.config.Recovery;
import com.pelagicore.softwarecontainer.rootfs.DeviceFile;
import com.pelagicore.softwarecontainer.spec.DeviceNumber;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A host on which an agent makes containers, dies, and is followed by one that adopts them. */
final class AdoptionScene {

    final ModelHost host;
    final Containers earlier;

    /** Of the next agent. */
    final RecordingListener listener = new RecordingListener();

    /** A directory of the host. */
    final Path data;

    private final Path directory;

    /** @param directory empty, existing */
    AdoptionScene(Path directory) throws IOException {
        this.directory = directory;
        host = new ModelHost(directory);
        earlier = new Containers(host.containerHost(), new RecordingListener());
        data = Files.createDirectory(directory.resolve("data"));
    }

    /** The containers of the next agent. */
    Containers adopt() {
        host.loseAgent();
        Containers next = new Containers(host.containerHost(), listener);
        host.rootfs().removeLeftovers(next.recover(Recovery.ADOPT));
        return next;
    }

    static int create(Containers containers) {
        return containers.create(Options.PLAIN.value()).id().value();
    }

    /** By another file, as a server does that is restarted. */
    void replace(Path socket) throws IOException {
        Files.move(Files.createFile(directory.resolve("new-socket")), socket, StandardCopyOption.REPLACE_EXISTING);
    }

    static DeviceFile device(int minor) {
        return new DeviceFile(new DeviceNumber(false, 10, minor), 0660, 0, 0);
    }
}
