package com.pelagicore.softwarecontainer.rootfs;

import com.pelagicore.softwarecontainer.spec.DeviceNumber;

/**
 * A device node in a file system.
 *
 * @param permissionBits 0 to 07777
 */
public record DeviceFile(DeviceNumber number, int permissionBits, int owner, int group) {

    public DeviceFile withPermissionBits(int bits) {
        return new DeviceFile(number, bits, owner, group);
    }
}
