package com.pelagicore.softwarecontainer.spec;

import java.nio.file.Path;

/**
 * A Unix socket of a server on the host that appears in the container, and appears again when the server was
 * restarted and has made a new one.
 *
 * @param hostPath absolute; a socket
 * @param containerPath absolute, below the root
 * @param origin where the host path comes from, for messages: {@code 'pulse-socket' of the configuration}
 */
public record SocketMount(Path hostPath, Path containerPath, String origin) implements SpecItem {

    public SocketMount {
        if (!hostPath.isAbsolute() || !containerPath.isAbsolute() || containerPath.getNameCount() == 0) {
            throw new IllegalArgumentException("socket '" + hostPath + "' at '" + containerPath + "'");
        }
    }

    @Override
    public void addTo(Sum sum) {
        sum.add(this);
    }
}
