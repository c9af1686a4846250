package com.pelagicore.softwarecontainer.container;

import com.pelagicore.softwarecontainer.spec.DeviceNumber;
import java.util.List;
import java.util.stream.Stream;

/** The devices that every container may use, and, unless granted, no others. */
public final class StandardDevices {

    /** Numbers of the kernel's devices.txt (Documentation/admin-guide); the minor number may be any. */
    private static final int PSEUDO_TERMINALS = 136;

    private static final List<DeviceNumber> DEVICES = List.of(
            new DeviceNumber(false, 1, 3), // null
            new DeviceNumber(false, 1, 5), // zero
            new DeviceNumber(false, 1, 7), // full
            new DeviceNumber(false, 1, 8), // random
            new DeviceNumber(false, 1, 9), // urandom
            new DeviceNumber(false, 5, 0), // tty
            new DeviceNumber(false, 5, 1), // console
            new DeviceNumber(false, 5, 2)); // ptmx

    private StandardDevices() {}

    /** Rules of the device controller, without the access that they permit. */
    public static List<String> rules() {
        return Stream.concat(DEVICES.stream().map(DeviceNumber::toString), Stream.of("c " + PSEUDO_TERMINALS + ":*"))
                .toList();
    }

    static boolean contain(DeviceNumber number) {
        return DEVICES.contains(number) || (!number.block() && number.major() == PSEUDO_TERMINALS);
    }
}
