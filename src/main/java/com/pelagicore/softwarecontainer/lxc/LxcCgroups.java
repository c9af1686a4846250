package com.pelagicore.softwarecontainer.lxc;

import java.io.File;
import java.nio.file.Path;

/** Control groups that stay behind when LXC's monitor was killed; a living one removes them itself. */
final class LxcCgroups {

    private static final Path ROOT = Path.of("/sys/fs/cgroup");

    /**
     * Removes the cgroups of a stopped container, in all hierarchies; the kernel refuses those still in use.
     *
     * @param parent path below the root of each hierarchy; empty: the root
     */
    void remove(String parent, String name) {
        removeBelow(new File(ROOT.toFile(), parent), name);
        File[] hierarchies = ROOT.toFile().listFiles(File::isDirectory);
        if (hierarchies != null) {
            for (File hierarchy : hierarchies) {
                removeBelow(new File(hierarchy, parent), name);
            }
        }
    }

    private static void removeBelow(File parent, String name) {
        for (String kind : new String[] {"lxc.payload.", "lxc.monitor."}) {
            boolean ignored = new File(parent, kind + name).delete();
        }
    }
}
