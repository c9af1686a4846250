package com.pelagicore.softwarecontainer.agent;

import java.util.Locale;

/** What can be allowed or denied. Each is an action of polkit too, see conf/. */
public enum Permission {
    /** To see which containers and capabilities there are. */
    LIST("list containers and capabilities"),
    /** To create containers, which then belong to the caller. */
    CREATE("create containers"),
    /** To do anything with containers that belong to the caller. */
    MANAGE("use containers"),
    /** To do anything with containers of others. */
    MANAGE_OTHERS("use containers of others"),
    /** To mount any path of the host into a container: as good as to be root. */
    HOST_PATHS("mount this path of the host");

    private final String phrase;

    Permission(String phrase) {
        this.phrase = phrase;
    }

    /** The last word of the polkit action. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** What somebody who lacks it may not do. */
    String phrase() {
        return phrase;
    }
}
