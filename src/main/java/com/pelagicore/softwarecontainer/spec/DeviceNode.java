package com.pelagicore.softwarecontainer.spec;

import java.nio.file.Path;

/**
 * A device of the host that appears in the container under the same name, with the same type and numbers, and
 * may be used there.
 *
 * @param path absolute, normalised
 * @param asOnHost the node in the container has the permissions of the host's node
 * @param permissionBits that it has, in addition to those of the host's node if {@code asOnHost}; 0 to 07777
 */
public record DeviceNode(Path path, boolean asOnHost, int permissionBits) implements SpecItem {

    private static final int ALL_BITS = 07777;

    public DeviceNode {
        path = path.normalize();
        if (!path.isAbsolute() || path.getNameCount() == 0) {
            throw new IllegalArgumentException("device '" + path + "' is not an absolute path below /");
        }
        if ((permissionBits & ~ALL_BITS) != 0) {
            throw new IllegalArgumentException("permission bits of '" + path + "' are not 0 to 07777");
        }
    }

    /** With the permissions of the host's node. */
    public static DeviceNode asOnHost(Path path) {
        return new DeviceNode(path, true, 0);
    }

    /** With these permissions, whatever those of the host's node are. */
    public static DeviceNode withPermissions(Path path, int permissionBits) {
        return new DeviceNode(path, false, permissionBits);
    }

    /** The same device with all that is permitted by this or by the other. */
    public DeviceNode unitedWith(DeviceNode other) {
        if (!path.equals(other.path)) {
            throw new IllegalArgumentException("'" + path + "' and '" + other.path + "' are not one device");
        }
        return new DeviceNode(path, asOnHost || other.asOnHost, permissionBits | other.permissionBits);
    }

    /** Permission bits of the node in the container. */
    public int permissionBitsUpon(int permissionBitsOnHost) {
        return asOnHost ? permissionBits | permissionBitsOnHost : permissionBits;
    }

    @Override
    public void addTo(Sum sum) {
        sum.add(this);
    }
}
