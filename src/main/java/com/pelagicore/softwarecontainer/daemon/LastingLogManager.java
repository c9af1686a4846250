package com.pelagicore.softwarecontainer.daemon;

import java.util.logging.LogManager;

/** The JDK's own closes all handlers as soon as a shutdown begins; then nothing of the shutdown would be logged. */
public final class LastingLogManager extends LogManager {

    /** To be called before anything logs. */
    static void use() {
        System.setProperty("java.util.logging.manager", LastingLogManager.class.getName());
    }

    @Override
    public void reset() {}
}
