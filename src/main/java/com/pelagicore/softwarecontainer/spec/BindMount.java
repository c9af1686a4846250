package com.pelagicore.softwarecontainer.spec;

import java.nio.file.Path;

/**
 * A file or directory of the host that appears in the container, with everything mounted below it.
 *
 * @param hostPath absolute; any kind of file
 * @param containerPath absolute, normalised, not the root; missing parents and the target are made
 */
public record BindMount(Path hostPath, Path containerPath, boolean readOnly) implements SpecItem {

    public BindMount {
        if (!hostPath.isAbsolute()) {
            throw new IllegalArgumentException("host path '" + hostPath + "' is not absolute");
        }
        if (!containerPath.isAbsolute() || containerPath.getNameCount() == 0) {
            throw new IllegalArgumentException(
                    "container path '" + containerPath + "' is not an absolute path below /");
        }
        containerPath = containerPath.normalize();
        if (containerPath.getNameCount() == 0) {
            throw new IllegalArgumentException("container path leads to the root of the container");
        }
    }

    @Override
    public void addTo(Sum sum) {
        sum.add(this);
    }
}
