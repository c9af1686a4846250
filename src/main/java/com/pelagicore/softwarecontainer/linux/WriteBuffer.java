package com.pelagicore.softwarecontainer.linux;

import com.pelagicore.softwarecontainer.rootfs.BufferLayers;
import java.nio.file.Path;

/** An overlay that keeps what is written to a directory of the host in an upper layer. */
final class WriteBuffer {

    /** Overlayfs hides attributes with this prefix from those who use the overlay. */
    private static final FileName MOUNTED = FileName.of("trusted.overlay.softwarecontainer");

    private WriteBuffer() {}

    /** Makes the overlay, attached nowhere; the upper layer gets the metadata of the host directory first. */
    static Descriptor mount(Path hostPath, BufferLayers layers) {
        try (Descriptor lower = DetachedMount.ofFileSystem(hostPath)) {
            prepare(lower, layers.upper());
            return Overlay.ofDetached(lower, layers, DetachedMount.Upper.LASTING);
        }
    }

    private static void prepare(Descriptor lower, Path upper) {
        try (Descriptor upperLayer = directory(upper)) {
            Metadata.copy(lower, upperLayer, upper.toString());
            ExtendedAttributes.set(upperLayer, MOUNTED, new byte[] {'y'}, upper.toString());
        }
    }

    /**
     * Whether the open upper layer has been part of an overlay made here. If not it says nothing: its mode and
     * owner are not those of the host directory.
     */
    static boolean wasMounted(Descriptor upper) {
        return ExtendedAttributes.read(upper, MOUNTED).length > 0;
    }

    private static Descriptor directory(Path path) {
        int opened = Opening.host(FileName.of(path), Opening.DIRECTORY | Opening.NO_FOLLOW);
        return Opening.checked(opened, path::toString);
    }
}
