package com.pelagicore.softwarecontainer.spec;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the kernel knows a device by.
 *
 * @param block a block device; else a character device
 * @param major 0 to 4095
 * @param minor 0 to 1048575
 */
public record DeviceNumber(boolean block, int major, int minor) {

    private static final Pattern TEXT = Pattern.compile("([bc]) (\\d{1,4}):(\\d{1,7})");

    /** Bits that the kernel has for them (linux/kdev_t.h). */
    private static final int MAJOR_BITS = 12;

    private static final int MINOR_BITS = 20;

    public DeviceNumber {
        if (major < 0 || major >= 1 << MAJOR_BITS || minor < 0 || minor >= 1 << MINOR_BITS) {
            throw new IllegalArgumentException("no device has number " + major + ":" + minor);
        }
    }

    /** Reads what {@link #toString} writes. */
    public static DeviceNumber parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("'" + text + "' is not a device number");
        }
        return new DeviceNumber(
                matcher.group(1).equals("b"), Integer.parseInt(matcher.group(2)), Integer.parseInt(matcher.group(3)));
    }

    /** As rules of the device controller begin: {@code c 10:200}. */
    @Override
    public String toString() {
        return (block ? "b " : "c ") + major + ":" + minor;
    }
}
