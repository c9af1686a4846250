package com.pelagicore.softwarecontainer.spec;

/**
 * A setting of the container's control group, as the kernel's controllers name it.
 *
 * @param key {@code memory.limit_in_bytes} (v1) or {@code memory.max} (v2): the host's version is looked up
 *     when it is applied
 * @param value in the unit of the key, not empty, one line
 */
public record CgroupSetting(String key, String value) implements SpecItem {

    /** Of settings in bytes, with cgroup v1 as well. */
    public static final String UNLIMITED = "max";

    public CgroupSetting {
        if (!key.matches("[a-z0-9_]+(\\.[A-Za-z0-9_]+)+")) {
            throw new IllegalArgumentException("'" + key + "' is not a key of a control group");
        }
        if (value.isEmpty() || value.indexOf('\n') >= 0 || value.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("the value of '" + key + "' is empty or has more than one line");
        }
    }

    /** The larger of two whole numbers, either of which may be {@link #UNLIMITED}. */
    public static String larger(String one, String other) {
        if (one.equals(UNLIMITED) || other.equals(UNLIMITED)) {
            return UNLIMITED;
        }
        return Long.parseLong(one) >= Long.parseLong(other) ? one : other;
    }

    @Override
    public void addTo(Sum sum) {
        sum.add(this);
    }
}
