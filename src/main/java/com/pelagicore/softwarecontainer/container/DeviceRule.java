package com.pelagicore.softwarecontainer.container;

import com.pelagicore.softwarecontainer.spec.DeviceNumber;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A rule of the device controller, as {@code c 10:* rw} (the kernel's admin-guide/cgroup-v1/devices.rst).
 *
 * @param type b, c, or a for both
 * @param major decimal, or a star
 * @param minor the same
 * @param access letters of "rwm"
 */
record DeviceRule(String type, String major, String minor, String access) {

    private static final Pattern TEXT = Pattern.compile("([abc]) (\\d+|\\*):(\\d+|\\*) ([rwm]{1,3})");

    /** Empty: the kernel knows no such rule. */
    static Optional<DeviceRule> parse(String text) {
        String whole = text.strip();
        // whatever follows an a, it is about all devices
        Matcher matcher = TEXT.matcher(whole.startsWith("a") ? "a *:* rwm" : whole);
        return matcher.matches()
                ? Optional.of(new DeviceRule(matcher.group(1), matcher.group(2), matcher.group(3), matcher.group(4)))
                : Optional.empty();
    }

    /** What a granted device is given by. */
    static DeviceRule of(DeviceNumber number) {
        return new DeviceRule(
                number.block() ? "b" : "c", String.valueOf(number.major()), String.valueOf(number.minor()), "rw");
    }

    /** Whether there may be a device that both are about. */
    boolean meets(DeviceRule other) {
        return (holds(type, "a", other.type) || other.type.equals("a"))
                && (holds(major, "*", other.major) || other.major.equals("*"))
                && (holds(minor, "*", other.minor) || other.minor.equals("*"));
    }

    /** Whether it permits all that the other does, but to make nodes: no container may do that. */
    boolean includes(DeviceRule other) {
        return holds(type, "a", other.type)
                && holds(major, "*", other.major)
                && holds(minor, "*", other.minor)
                && other.access.chars().allMatch(letter -> letter == 'm' || access.indexOf(letter) >= 0);
    }

    private static boolean holds(String mine, String all, String others) {
        return mine.equals(all) || mine.equals(others);
    }

    /** As the controller reads it. */
    @Override
    public String toString() {
        return type + " " + major + ":" + minor + " " + access;
    }
}
