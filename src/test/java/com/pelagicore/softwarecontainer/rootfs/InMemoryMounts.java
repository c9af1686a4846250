package com.pelagicore.softwarecontainer.rootfs;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Remembers mounts instead of making them. */
public final class InMemoryMounts implements Mounts {

    /** One line per mount, oldest first. */
    public final List<String> mounted = new ArrayList<>();

    @Override
    public void tmpfs(Path target, long sizeBytes) {
        mounted.add("tmpfs " + sizeBytes + " on " + target);
    }

    @Override
    public void overlay(Path target, Path lower, Path upper, Path work) {
        mounted.add("overlay " + lower + " " + upper + " " + work + " on " + target);
    }

    @Override
    public void unmount(Path target) {
        mounted.removeIf(line -> line.endsWith(" on " + target));
    }
}
