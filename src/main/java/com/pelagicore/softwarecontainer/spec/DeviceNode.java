package com.pelagicore.softwarecontainer.spec;

import java.nio.file.Path;
import java.util.OptionalInt;

/**
 * A device of the host that appears in the container under the same name, with the same type and numbers, and
 * may be used there.
 *
 * @param path absolute, normalised
 * @param permissionBits of the node in the container, 0 to 07777; empty: those of the host's node
 */
public record DeviceNode(Path path, OptionalInt permissionBits) implements SpecItem {

    private static final int ALL_BITS = 07777;

    public DeviceNode {
        path = path.normalize();
        if (!path.isAbsolute() || path.getNameCount() == 0) {
            throw new IllegalArgumentException("device '" + path + "' is not an absolute path below /");
        }
        if (permissionBits.isPresent() && (permissionBits.getAsInt() & ~ALL_BITS) != 0) {
            throw new IllegalArgumentException("permission bits of '" + path + "' are not 0 to 07777");
        }
    }

    @Override
    public void addTo(Sum sum) {
        sum.add(this);
    }
}
