package com.pelagicore.softwarecontainer.rootfs;

import com.pelagicore.softwarecontainer.spec.IdRange;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers mounts instead of making them; a tmpfs takes its files with it. */
public final class InMemoryMounts implements Mounts {

    /** One line per mount, oldest first. */
    public final List<String> mounted = new CopyOnWriteArrayList<>();

    @Override
    public void tmpfs(Path target, long sizeBytes) {
        mounted.add("tmpfs " + sizeBytes + " on " + target);
    }

    @Override
    public void overlay(Path target, Path lower, BufferLayers layers) {
        mounted.add("overlay " + lower + " " + layers.upper() + " " + layers.work() + " on " + target);
    }

    @Override
    public void overlay(Path target, Path lower, BufferLayers layers, IdRange ids) {
        overlay(target, lower, layers);
    }

    @Override
    public void unmount(Path target) {
        if (mounted.stream().anyMatch(line -> line.startsWith("tmpfs ") && line.endsWith(" on " + target))) {
            new FakeTrees().deleteBelow(target);
        }
        mounted.removeIf(line -> line.endsWith(" on " + target));
    }
}
