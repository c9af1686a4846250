package com.pelagicore.softwarecontainer.config;

import com.pelagicore.softwarecontainer.error.Quoted;
import java.util.regex.Pattern;

/** The keys about who may use the agent. */
final class AccessSettings {

    /** useradd(8), and numbers; what else a directory service may call a group is no name to type. */
    private static final Pattern GROUP = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.@-]{0,31}|");

    private static final int MAX_CONTAINERS = 10_000;

    private AccessSettings() {}

    static AccessConfig read(Settings settings) {
        return new AccessConfig(
                settings.text(ConfigKey.ACCESS_GROUP, AccessSettings::group),
                settings.flag(ConfigKey.POLKIT),
                settings.paths(ConfigKey.READABLE_HOST_PATHS),
                settings.paths(ConfigKey.WRITABLE_HOST_PATHS),
                settings.number(ConfigKey.CONTAINERS_PER_USER, 0, MAX_CONTAINERS));
    }

    private static String group(String text) {
        if (!GROUP.matcher(text).matches()) {
            throw new IllegalArgumentException("must be the name or id of a group, or empty, not " + Quoted.text(text));
        }
        return text;
    }
}
