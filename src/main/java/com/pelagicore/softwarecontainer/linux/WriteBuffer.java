package com.pelagicore.softwarecontainer.linux;

import java.nio.file.Path;

/** An overlay that keeps what is written to a directory of the host in an upper layer. */
final class WriteBuffer {

    private WriteBuffer() {}

    /** Makes the overlay, attached nowhere; {@code upper} gets the metadata of the host directory first. */
    static Descriptor mount(Path hostPath, Path upper, Path work) {
        try (Descriptor lower = DetachedMount.ofFileSystem(hostPath);
                Descriptor upperLayer = directory(upper);
                Descriptor workDirectory = directory(work)) {
            return DetachedMount.ofOverlay(lower, upperLayer, workDirectory);
        }
    }

    private static Descriptor directory(Path path) {
        int opened = Opening.host(FileName.of(path), Opening.DIRECTORY | Opening.NO_FOLLOW);
        return Opening.checked(opened, path::toString);
    }
}
