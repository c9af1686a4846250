package com.pelagicore.softwarecontainer.busfilter;

import java.util.HashSet;
import java.util.Set;

/**
 * The agent itself, which makes containers and so must not be reached from one unless it is granted by name. Known
 * by interface and path as well: who asks by unique name shall not fare better.
 */
final class Guarded {

    private static final String NAME = "com.pelagicore.SoftwareContainer";
    private static final String PATH = "/com/pelagicore/SoftwareContainer";

    /** On one bus; another bus may give them to others. */
    private final Set<String> uniqueNames = new HashSet<>();

    static boolean isName(String name) {
        return name.startsWith(NAME);
    }

    /** The unique name of the agent that runs now; earlier ones are not given to others by the bus. */
    void add(String uniqueName) {
        uniqueNames.add(uniqueName);
    }

    /** Whether the message is from or to the agent, or looks like it. */
    boolean covers(MessageHeader message) {
        return isName(message.destination())
                || isName(message.interfaceName())
                || message.path().startsWith(PATH)
                || uniqueNames.contains(message.destination())
                || uniqueNames.contains(message.sender());
    }
}
