package com.pelagicore.softwarecontainer.linux;

import com.pelagicore.softwarecontainer.rootfs.BufferLayers;
import java.nio.file.Path;

/** Makes overlays, attached nowhere. */
final class Overlay {

    private Overlay() {}

    /** Of a lower layer that is attached on the host; see {@link DetachedMount#ofOverlay}. */
    static Descriptor ofDirectory(Path lower, BufferLayers layers) {
        try (Descriptor lowerLayer = directory(lower);
                Descriptor upper = directory(layers.upper());
                Descriptor work = directory(layers.work())) {
            return DetachedMount.ofOverlay(lowerLayer, upper, work, DetachedMount.Upper.VOLATILE);
        }
    }

    /**
     * Of a lower layer that is attached nowhere, and that the overlay then needs no more. Until Linux 6.15 it has to
     * be attached somewhere meanwhile: in a mount namespace that nobody else sees, upon the parent of the layers.
     */
    static Descriptor ofDetached(Descriptor lower, BufferLayers layers, DetachedMount.Upper kind) {
        return NamespaceThread.callApart(entered -> {
            try (Descriptor upper = directory(layers.upper());
                    Descriptor work = directory(layers.work());
                    Descriptor place = directory(layers.upper().resolveSibling(""))) {
                DetachedMount.attach(lower, place, "parent of " + layers.upper());
                return DetachedMount.ofOverlay(lower, upper, work, kind);
            }
        });
    }

    private static Descriptor directory(Path path) {
        int opened = Opening.host(FileName.of(path), Opening.PATH_ONLY | Opening.DIRECTORY | Opening.NO_FOLLOW);
        return Opening.checked(opened, path::toString);
    }
}
