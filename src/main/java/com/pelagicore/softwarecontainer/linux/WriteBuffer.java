package com.pelagicore.softwarecontainer.linux;

import com.pelagicore.softwarecontainer.rootfs.BufferLayers;
import com.pelagicore.softwarecontainer.spec.IdRange;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * An overlay that keeps what is written to a directory of the host in an upper layer.
 *
 * @param ids of the container's users, whose files in the upper layer are the same users' of the host in the lower
 *     directory; empty: the container has the users of the host
 */
record WriteBuffer(Optional<IdRange> ids) {

    /** Overlayfs hides attributes with this prefix from those who use the overlay. */
    private static final String SAME_USERS = "y";

    private static final FileName MOUNTED = FileName.of("trusted.overlay.softwarecontainer");

    /**
     * Makes the overlay, attached nowhere; the upper layer gets the metadata of the lower directory first.
     *
     * @param lower detached, as the container is to see it; the overlay needs it no more
     * @param ids of the container's users, if the lower directory is mapped to them
     */
    static Descriptor mount(Descriptor lower, BufferLayers layers, Optional<IdRange> ids) {
        String path = layers.upper().toString();
        try (Descriptor upper = directory(layers.upper())) {
            Metadata.copy(lower, upper, path);
            String mark = ids.map(IdRange::toString).orElse(SAME_USERS);
            ExtendedAttributes.set(upper, MOUNTED, mark.getBytes(StandardCharsets.US_ASCII), path);
        }
        return Overlay.ofDetached(lower, layers, DetachedMount.Upper.LASTING);
    }

    /**
     * The write buffer that an open upper layer belongs to. Empty: it has never been part of an overlay made here, and
     * says nothing; its mode and owner are not those of the host directory.
     */
    static Optional<WriteBuffer> of(Descriptor upper) {
        String mark = new String(ExtendedAttributes.read(upper, MOUNTED), StandardCharsets.US_ASCII);
        if (mark.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new WriteBuffer(mark.equals(SAME_USERS) ? Optional.empty() : Optional.of(IdRange.parse(mark))));
    }

    private static Descriptor directory(Path path) {
        int opened = Opening.host(FileName.of(path), Opening.DIRECTORY | Opening.NO_FOLLOW);
        return Opening.checked(opened, path::toString);
    }
}
