package com.pelagicore.softwarecontainer.config;

import java.util.Locale;

/** How much the agent logs; each level includes those before it. */
public enum LogLevel {
    ERROR,
    WARN,
    INFO,
    DEBUG;

    /** As written on the command line. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
