package com.pelagicore.softwarecontainer.daemon;

import java.util.logging.LogManager;

/**
 * The JDK's own closes all handlers as soon as a shutdown begins; then nothing of the shutdown would be logged.
 * Chosen by a system property before java.util.logging is touched, see {@link Main}.
 */
public final class LastingLogs extends LogManager {

    @Override
    public void reset() {}
}
